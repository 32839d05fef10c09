/**
 * An index that finds the conflict or rejection of an identity that resolves a failure of the same event. It does not
 * contain rejections without an identity.
 */
export const settledFailures = (schema: string) =>
  `create index concurrently parked_settled on ${schema}.parked (tenant_id, identity)
  where status <> 'failed' and identity is not null`;
