/**
 * The claim by which the event of a failure stands counted. An insert and the parking of its failure that run at once
 * do not see each other: the claim is what is true, the row may say less.
 */
const countingClaim = (schema: string) => `
  from ${schema}.claim
 where claim.tenant_id = parked.tenant_id and claim.place = parked.place and claim.identity = parked.identity
   and coalesce(claim.fingerprint, claim.identity) = parked.fingerprint
   and (claim.lapses_at is null or claim.lapses_at > greatest(parked.received_at, parked.last_attempt_at))`;

/** Whether the event of a parked failure is not counted. */
export const isUncounted = (schema: string): string => `not exists (select ${countingClaim(schema)})`;

/** When the event of a parked failure was counted; null where it is not, or is no failure. */
export const countedAt = (schema: string): string =>
  `(select claim.received_at ${countingClaim(schema)} and parked.status = 'failed')`;
