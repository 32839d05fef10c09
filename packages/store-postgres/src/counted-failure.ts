/**
 * When the event of a failure turned out to be counted, as its claim has it; null while it is not. An insert and the
 * parking of its failure that run at once do not see each other: the claim is what is true, the row may say less.
 */
export const countedAt = (schema: string) => `
         (select claim.received_at from ${schema}.claim
           where parked.status = 'failed' and claim.tenant_id = parked.tenant_id and claim.identity = parked.identity
             and coalesce(claim.fingerprint, claim.identity) = parked.fingerprint
             and (claim.lapses_at is null or claim.lapses_at > greatest(parked.received_at, parked.last_attempt_at)))`;
