import { TimeSlice } from "@evt/core/adapter";
import { type ParkedEvent, reasonsOf } from "@evt/core/store";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { placeHex } from "../tables/claim-place.js";
import { identifiedByLetter } from "../tables/identified-by.js";
import { checkTime, type LapsingClock } from "../tables/lapsing-clock.js";
import { bytea } from "../tables/row-values.js";
import { storable } from "../tables/storable-text.js";
import { attemptedAt, resolvingEntry } from "./open-failure.js";
import { resolveFailures, resolveFailuresSentAs } from "./resolve-failures.js";

/**
 * Parks events. Parking the same event again adds to its attempts. A conflict or rejection resolves the open failures
 * of the same event.
 */
export class ParkStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#statement = prepare(sql(schema, clock));
  }

  /** Builds the query in time slices, because long JSON inside JSON takes time to encode. */
  async with(events: readonly ParkedEvent[]): Promise<PgQuery> {
    const slice = new TimeSlice();
    const rows: string[] = [];
    for (const attempts of attemptsOfEach(events).values()) {
      if (slice.isOver) await slice.next();
      rows.push(JSON.stringify(parkedColumns(attempts)));
    }
    if (slice.isOver) await slice.next();
    const json = `[${rows.join(",")}]`;
    // the driver encodes the query too, so it gets a new slice
    if (slice.isOver) await slice.next();
    return this.#statement.with(json);
  }
}

interface Attempts {
  readonly first: ParkedEvent;
  readonly last: ParkedEvent;
  readonly count: number;
}

/** Adds up the attempts of events with the same tenant and ID, because one statement cannot update a row twice. */
function attemptsOfEach(events: readonly ParkedEvent[]): ReadonlyMap<string, Attempts> {
  const attempts = new Map<string, Attempts>();
  for (const event of events) {
    const key = event.id + event.tenantId;
    const known = attempts.get(key);
    attempts.set(key, { first: known?.first ?? event, last: event, count: (known?.count ?? 0) + 1 });
  }
  return attempts;
}

function parkedColumns({ first, last, count }: Attempts) {
  return {
    tenant_id: first.tenantId,
    id: bytea(first.id),
    status: first.status,
    received_at: first.receivedAt,
    occurred_at: first.timestamp,
    client_id: first.clientId,
    metric: first.metric,
    amount: first.amount,
    unit: first.unit,
    dimensions: first.dimensions,
    idempotency_key: first.idempotencyKey,
    identified_by: first.identifiedBy && identifiedByLetter(first.identifiedBy),
    place: placeOf(first),
    identity: first.identity && bytea(first.identity),
    fingerprint: first.fingerprint && bytea(first.fingerprint),
    raw: first.rawJson && storable(first.rawJson),
    vouched_client_id: first.vouchedClientId,
    given_key: first.givenKey,
    // strings, like the raw event, because a message may quote characters that json_to_recordset refuses
    issues: JSON.stringify(first.issues),
    error: last.error && JSON.stringify(last.error),
    reasons: reasonsOf({ issues: first.issues, error: last.error }),
    conflicts_with: first.conflictsWith && bytea(first.conflictsWith),
    attempts: count,
    last_attempt_at: last.lastAttemptAt,
  };
}

/**
 * Returns the place of the claim that would count the event. Returns `null` if nothing identifies the event or if it
 * has no time.
 */
function placeOf({ identifiedBy, idempotencyKey, timestamp, receivedAt }: ParkedEvent): string | null {
  if (identifiedBy === null || timestamp === null) return null;
  return bytea(placeHex({ identifiedBy, idempotencyKey, timestamp, receivedAt }));
}

const failure = (clock: LapsingClock) => ({
  tenantId: "incoming.tenant_id",
  identity: "incoming.identity",
  fingerprint: "incoming.fingerprint",
  identifiedBy: "incoming.identified_by",
  attemptedAt: checkTime(clock, "incoming.last_attempt_at"),
});

/** Excludes rows that the same statement parks, because a statement cannot update a row twice. */
const IS_NOT_INCOMING = `
  not exists (select from incoming where incoming.tenant_id = parked.tenant_id and incoming.id = parked.id)`;

const sql = (schema: string, clock: LapsingClock) => `
with incoming as materialized (
  select * from json_to_recordset($1::json) as event (
    tenant_id text, id bytea, status text, received_at timestamptz, occurred_at timestamptz, client_id text,
    metric text, amount numeric, unit text, dimensions json, idempotency_key text, identified_by "char", place bytea, identity bytea,
    fingerprint bytea, raw text, vouched_client_id text, given_key json, issues text, error text, reasons text[],
    conflicts_with bytea, attempts integer, last_attempt_at timestamptz)
),
resolved as (
  ${resolveFailures(
    schema,
    `
    select tenant_id, identity, fingerprint, last_attempt_at as resolved_at
      from incoming where status <> 'failed' and identity is not null`,
  )}
     and (parked.identified_by is distinct from 'w' or ${attemptedAt("parked")} <= ${checkTime(clock, "open.resolved_at")})
     and ${IS_NOT_INCOMING}
),
resolved_by_text as (
  ${resolveFailuresSentAs(
    schema,
    `
    select tenant_id, raw, vouched_client_id, given_key, last_attempt_at as resolved_at
      from incoming where status = 'rejected' and identity is null and raw is not null and given_key is not null`,
  )}
     and ${IS_NOT_INCOMING}
)
insert into ${schema}.parked as known (
  tenant_id, id, status, received_at, occurred_at, client_id, metric, amount, unit, dimensions, idempotency_key, identified_by,
  place, identity, fingerprint, raw, vouched_client_id, given_key, issues, error, reasons, conflicts_with, attempts,
  last_attempt_at, attempted_at, resolved_at)
select tenant_id, id, status, received_at, occurred_at, client_id, metric, amount, unit, dimensions, idempotency_key, identified_by,
       place, identity, fingerprint, raw, vouched_client_id, given_key, issues::json, error::json, reasons, conflicts_with, attempts,
       last_attempt_at, ${clock === "database" ? "statement_timestamp()" : "null"},
       -- resolved already if a claim that had not lapsed counts it, or if it is parked as a conflict or rejection
       case when status = 'failed' and (exists (
         select from ${schema}.claim
          where claim.tenant_id = incoming.tenant_id and claim.place = incoming.place and claim.identity = incoming.identity
            and coalesce(claim.fingerprint, claim.identity) = incoming.fingerprint
            and (claim.lapses_at is null or claim.lapses_at > ${checkTime(clock, "incoming.received_at")}) offset 0)
         or exists (select ${resolvingEntry(schema, failure(clock))})
         or exists (select from incoming as resolving
                     where resolving.tenant_id = incoming.tenant_id and resolving.identity = incoming.identity
                       and resolving.fingerprint = incoming.fingerprint and resolving.status <> 'failed'
                       and (incoming.identified_by <> 'w'
                            or ${checkTime(clock, "resolving.last_attempt_at")} >= ${checkTime(clock, "incoming.last_attempt_at")})))
            then last_attempt_at end
  from incoming
 -- the same order in every batch: two batches could otherwise deadlock (40P01)
 order by tenant_id collate "C", id
on conflict (tenant_id, id) do update
   set attempts = known.attempts + excluded.attempts, last_attempt_at = excluded.last_attempt_at,
       attempted_at = excluded.attempted_at, error = excluded.error, reasons = excluded.reasons, resolved_at = excluded.resolved_at
`;
