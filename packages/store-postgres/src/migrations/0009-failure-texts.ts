/**
 * Finds the open failures that were sent as one text, which a rejection of the same text settles. `coalesce` says what
 * `resolved_at is null` says, but fits this index alone: a plan made while the table was empty would take any other.
 */
export const failureTexts = (schema: string) =>
  `create index concurrently parked_failure_text on ${schema}.parked
  (hashtextextended(raw, hashtextextended(given_key::text,
    hashtextextended(coalesce(vouched_client_id, ''), hashtextextended(tenant_id, 0)))))
  where status = 'failed' and coalesce(resolved_at, 'infinity'::timestamptz) = 'infinity'::timestamptz
    and raw is not null and given_key is not null`;
