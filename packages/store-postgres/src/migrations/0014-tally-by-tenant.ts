/** An index that finds the tallies of one tenant among those of many. */
export const tallyByTenant = (schema: string) =>
  `create index concurrently tally_by_tenant on ${schema}.tally (tenant_id)`;
