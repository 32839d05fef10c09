/**
 * An index for finding the open failures with the same raw JSON, which a rejection of that JSON resolves. The
 * condition uses `coalesce` instead of `resolved_at is null`, so that only this index matches the query. Otherwise
 * Postgres could cache a plan with another index, made when the table was empty.
 */
export const failureTexts = (schema: string) =>
  `create index concurrently parked_failure_text on ${schema}.parked
  (hashtextextended(raw, hashtextextended(given_key::text,
    hashtextextended(coalesce(vouched_client_id, ''), hashtextextended(tenant_id, 0)))))
  where status = 'failed' and coalesce(resolved_at, 'infinity'::timestamptz) = 'infinity'::timestamptz
    and raw is not null and given_key is not null`;
