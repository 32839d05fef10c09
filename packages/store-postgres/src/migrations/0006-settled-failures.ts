/**
 * Finds the conflict or rejection of an identity, to which a failure of the same event belongs. Rejections that identify
 * nothing are not in it.
 */
export const settledFailures = (schema: string) =>
  `create index concurrently parked_settled on ${schema}.parked (tenant_id, identity)
  where status <> 'failed' and identity is not null`;
