/**
 * The claim by which the event of a failure stands counted. An insert and the parking of its failure that run at once
 * do not see each other: the claim is what is true, the row may say less.
 */
const countingClaim = (schema: string) => `
  from ${schema}.claim
 where claim.tenant_id = parked.tenant_id and claim.place = parked.place and claim.identity = parked.identity
   and coalesce(claim.fingerprint, claim.identity) = parked.fingerprint
   and (claim.lapses_at is null or claim.lapses_at > coalesce(parked.attempted_at, greatest(parked.received_at, parked.last_attempt_at)))`;

/** When a parked event was last attempted. Where its clock is not known to be that of the database, by the caller's. */
export function attemptedAt(parked: string): string {
  return `coalesce(${parked}.attempted_at, ${parked}.last_attempt_at)`;
}

/** The row of a failure, or of one that is being parked: the names of its columns. */
interface FailureColumns {
  readonly tenantId: string;
  readonly identity: string;
  readonly fingerprint: string;
  readonly identifiedBy: string;
  /** By the clock by which claims lapse. */
  readonly attemptedAt: string;
}

const PARKED: FailureColumns = {
  tenantId: "parked.tenant_id",
  identity: "parked.identity",
  fingerprint: "parked.fingerprint",
  identifiedBy: "parked.identified_by",
  attemptedAt: attemptedAt("parked"),
};

/**
 * The conflict or rejection that is kept of the same event as a failure. Where an identity lapses, an earlier one may be
 * of another event. Looked up by the index for each failure (`offset 0`), whatever the statistics are.
 */
export const settlingEntry = (schema: string, failure: FailureColumns = PARKED): string => `
  from (select settled.last_attempt_at
          from ${schema}.parked as settled
         where settled.tenant_id = ${failure.tenantId} and settled.identity = ${failure.identity}
           and settled.fingerprint = ${failure.fingerprint} and settled.status <> 'failed'
           and (${failure.identifiedBy} is distinct from 'w' or ${attemptedAt("settled")} >= ${failure.attemptedAt})
        offset 0) as settled`;

/** Whether the event of a parked failure is neither counted nor kept as a conflict or a rejection. */
export const isUnsettled = (schema: string): string =>
  `not exists (select ${countingClaim(schema)}) and not exists (select ${settlingEntry(schema)})`;

/** When the event of a parked failure was settled; null where it is not, or is no failure. */
export const settledAt = (schema: string): string =>
  `case when parked.status = 'failed' then
     coalesce((select claim.received_at ${countingClaim(schema)}),
              (select min(settled.last_attempt_at) ${settlingEntry(schema)})) end`;
