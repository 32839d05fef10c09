/**
 * An index that finds the open failures with the same raw JSON, which a rejection of that JSON resolves. The
 * `coalesce` means the same as `resolved_at is null`, but only this index matches it. Otherwise Postgres could cache
 * a plan from when the table was empty, with another index.
 */
export const failureTexts = (schema: string) =>
  `create index concurrently parked_failure_text on ${schema}.parked
  (hashtextextended(raw, hashtextextended(given_key::text,
    hashtextextended(coalesce(vouched_client_id, ''), hashtextextended(tenant_id, 0)))))
  where status = 'failed' and coalesce(resolved_at, 'infinity'::timestamptz) = 'infinity'::timestamptz
    and raw is not null and given_key is not null`;
