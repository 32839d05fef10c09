/**
 * SQL for the claim that counted a parked failure's event. If one call inserts an event while another call parks its
 * failure, neither sees the other's row. Then `resolved_at` of the parked event may wrongly be null, so the claim
 * decides.
 */
const countingClaim = (schema: string) => `
  from ${schema}.claim
 where claim.tenant_id = parked.tenant_id and claim.place = parked.place and claim.identity = parked.identity
   and coalesce(claim.fingerprint, claim.identity) = parked.fingerprint
   and (claim.lapses_at is null or claim.lapses_at > coalesce(parked.attempted_at, greatest(parked.received_at, parked.last_attempt_at)))`;

/**
 * Returns SQL for the time of the last attempt: by the database's clock if that time is stored, otherwise by the
 * caller's clock.
 */
export function attemptedAt(parked: string): string {
  return `coalesce(${parked}.attempted_at, ${parked}.last_attempt_at)`;
}

/** The columns of a failure that is parked or being parked. */
interface FailureColumns {
  readonly tenantId: string;
  readonly identity: string;
  readonly fingerprint: string;
  readonly identifiedBy: string;
  /** The time of the last attempt, by the clock that decides when claims lapse. */
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
 * Returns SQL for the parked conflict or rejection that resolves a failure. If a window identifies the event, an
 * earlier conflict or rejection may belong to another event and is left out. `offset 0` makes Postgres use the index
 * for each failure, regardless of the statistics.
 */
export const resolvingEntry = (schema: string, failure: FailureColumns = PARKED): string => `
  from (select resolving.last_attempt_at
          from ${schema}.parked as resolving
         where resolving.tenant_id = ${failure.tenantId} and resolving.identity = ${failure.identity}
           and resolving.fingerprint = ${failure.fingerprint} and resolving.status <> 'failed'
           and (${failure.identifiedBy} is distinct from 'w' or ${attemptedAt("resolving")} >= ${failure.attemptedAt})
        offset 0) as resolving`;

/**
 * Returns SQL that is true if a parked failure is unresolved: no claim counted its event, and no parked conflict or
 * rejection resolves it.
 */
export const isUnresolved = (schema: string): string =>
  `not exists (select ${countingClaim(schema)}) and not exists (select ${resolvingEntry(schema)})`;

/**
 * Returns SQL for the time at which a parked failure was resolved. The value is null if the event is open or not a
 * failure.
 */
export const resolvedAtOf = (schema: string): string =>
  `case when parked.status = 'failed' then
     coalesce((select claim.received_at ${countingClaim(schema)}),
              (select min(resolving.last_attempt_at) ${resolvingEntry(schema)})) end`;
