/**
 * The claim that counts the event of a parked failure. An insert and a concurrent parking of its failure do not see
 * each other, so the claim decides: the parked row may be outdated.
 */
const countingClaim = (schema: string) => `
  from ${schema}.claim
 where claim.tenant_id = parked.tenant_id and claim.place = parked.place and claim.identity = parked.identity
   and coalesce(claim.fingerprint, claim.identity) = parked.fingerprint
   and (claim.lapses_at is null or claim.lapses_at > coalesce(parked.attempted_at, greatest(parked.received_at, parked.last_attempt_at)))`;

/** Returns SQL for the time of the last attempt. If the database's time is unknown, the caller's is used. */
export function attemptedAt(parked: string): string {
  return `coalesce(${parked}.attempted_at, ${parked}.last_attempt_at)`;
}

/** The column names of a failure, parked or being parked. */
interface FailureColumns {
  readonly tenantId: string;
  readonly identity: string;
  readonly fingerprint: string;
  readonly identifiedBy: string;
  /** By the clock that decides when claims lapse. */
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
 * The parked conflict or rejection of the same event as a failure. If the identity lapses, an earlier one may belong
 * to another event. It is looked up by the index for each failure (`offset 0`), whatever the statistics are.
 */
export const resolvingEntry = (schema: string, failure: FailureColumns = PARKED): string => `
  from (select resolving.last_attempt_at
          from ${schema}.parked as resolving
         where resolving.tenant_id = ${failure.tenantId} and resolving.identity = ${failure.identity}
           and resolving.fingerprint = ${failure.fingerprint} and resolving.status <> 'failed'
           and (${failure.identifiedBy} is distinct from 'w' or ${attemptedAt("resolving")} >= ${failure.attemptedAt})
        offset 0) as resolving`;

/** Returns SQL: whether the event of a parked failure is neither counted nor parked as a conflict or rejection. */
export const isUnresolved = (schema: string): string =>
  `not exists (select ${countingClaim(schema)}) and not exists (select ${resolvingEntry(schema)})`;

/** Returns SQL for the time at which a parked failure was resolved, null if it is open or no failure. */
export const resolvedAtOf = (schema: string): string =>
  `case when parked.status = 'failed' then
     coalesce((select claim.received_at ${countingClaim(schema)}),
              (select min(resolving.last_attempt_at) ${resolvingEntry(schema)})) end`;
