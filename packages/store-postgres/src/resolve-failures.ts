/**
 * Resolves the open failures of what is counted: rows of tenant `t`, identity `i`, fingerprint `f`, received at `r`.
 * Locks in the order in which parking does, or the two could lock each other's rows crosswise (40P01).
 */
export const resolveFailures = (schema: string, counted: string) => `
  update ${schema}.parked set resolved_at = open.r
    from (select parked.tenant_id, parked.id, counted.r
            from (${counted}) as counted
            join ${schema}.parked on parked.tenant_id = counted.t and parked.identity = counted.i
                                 and parked.fingerprint = counted.f
           where parked.status = 'failed' and parked.resolved_at is null
           order by parked.tenant_id, parked.id
             for update of parked) as open
   where parked.tenant_id = open.tenant_id and parked.id = open.id`;
