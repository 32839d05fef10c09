create index if not exists parked_failure_text on "evt".parked
  (hashtextextended(raw, hashtextextended(given_key::text,
    hashtextextended(coalesce(vouched_client_id, ''), hashtextextended(tenant_id, 0)))))
  where status = 'failed' and coalesce(resolved_at, 'infinity'::timestamptz) = 'infinity'::timestamptz
    and raw is not null and given_key is not null;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (9, 'failure texts', '01271bb47d0ecaafcd22beee67220810686956a0257844a06a77eee45203f226', 1);
