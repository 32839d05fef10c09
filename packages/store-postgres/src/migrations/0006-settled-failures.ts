/**
 * An index for finding the conflict or rejection that resolves a failure with the same identity. It does not contain
 * rejections without an identity.
 */
export const settledFailures = (schema: string) =>
  `create index concurrently parked_settled on ${schema}.parked (tenant_id, identity)
  where status <> 'failed' and identity is not null`;
