import { type ParkedEvent, reasonsOf, TimeSlice } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { placeHex } from "../tables/claim-place.js";
import { identifiedByLetter } from "../tables/identified-by.js";
import { type LapsingClock, meetingTime } from "../tables/lapsing-clock.js";
import { bytea } from "../tables/row-values.js";
import { storable } from "../tables/storable-text.js";
import { attemptedAt, settlingEntry } from "./open-failure.js";
import { resolveFailures, resolveFailuresSentAs } from "./resolve-failures.js";

/**
 * Keeps what was not counted; the same event again counts an attempt. A conflict or rejection settles its event: open
 * failures of it are resolved.
 */
export class ParkStatement {
  readonly #statement: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#statement = prepare(sql(schema, clock));
  }

  /** Written in slices of time: in JSON within JSON, messages and raw texts become long. */
  async with(events: readonly ParkedEvent[]): Promise<PgQuery> {
    const slice = new TimeSlice();
    const rows: string[] = [];
    for (const attempts of attemptsOfEach(events).values()) {
      if (slice.isOver) await slice.next();
      rows.push(JSON.stringify(parkedColumns(attempts)));
    }
    if (slice.isOver) await slice.next();
    const json = `[${rows.join(",")}]`;
    // what the driver does with it takes its own time
    if (slice.isOver) await slice.next();
    return this.#statement.with(json);
  }
}

interface Attempts {
  readonly first: ParkedEvent;
  readonly last: ParkedEvent;
  readonly count: number;
}

/** One statement cannot count the attempts of a row twice, so equal ones are counted before. */
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
    t: first.tenantId,
    h: bytea(first.id),
    s: first.status,
    r: first.receivedAt,
    o: first.timestamp,
    c: first.clientId,
    m: first.metric,
    a: first.amount,
    k: first.idempotencyKey,
    b: first.identifiedBy && identifiedByLetter(first.identifiedBy),
    y: placeOf(first),
    i: first.identity && bytea(first.identity),
    f: first.fingerprint && bytea(first.fingerprint),
    w: first.rawJson && storable(first.rawJson),
    l: first.vouchedClientId,
    g: first.givenKey,
    // Texts, as the raw event is: a message may quote what json_to_recordset refuses.
    q: JSON.stringify(first.issues),
    x: last.error && JSON.stringify(last.error),
    u: reasonsOf({ issues: first.issues, error: last.error }),
    v: first.conflictsWith && bytea(first.conflictsWith),
    n: count,
    z: last.lastAttemptAt,
  };
}

/** Where the claim stands, or would, that counts it; `null` where nothing identifies it. */
function placeOf({ identifiedBy, idempotencyKey, timestamp, receivedAt }: ParkedEvent): string | null {
  if (identifiedBy === null || timestamp === null) return null;
  return bytea(placeHex({ identifiedBy, idempotencyKey, timestamp, receivedAt }));
}

const failure = (clock: LapsingClock) => ({
  tenantId: "incoming.t",
  identity: "incoming.i",
  fingerprint: "incoming.f",
  identifiedBy: "incoming.b",
  attemptedAt: meetingTime(clock, "incoming.z"),
});

/** One statement cannot update a row twice. */
const IS_NOT_INCOMING = `
  not exists (select from incoming where incoming.t = parked.tenant_id and incoming.h = parked.id)`;

const sql = (schema: string, clock: LapsingClock) => `
with incoming as materialized (
  select * from json_to_recordset($1::json) as event (
    t text, h bytea, s text, r timestamptz, o timestamptz, c text, m text, a numeric, k text, b "char", y bytea, i bytea,
    f bytea, w text, l text, g json, q text, x text, u text[], v bytea, n integer, z timestamptz)
),
resolved as (
  ${resolveFailures(schema, "select t, i, f, z as r from incoming where s <> 'failed' and i is not null")}
     and (parked.identified_by is distinct from 'w' or ${attemptedAt("parked")} <= ${meetingTime(clock, "open.r")})
     and ${IS_NOT_INCOMING}
),
resolved_by_text as (
  ${resolveFailuresSentAs(schema, "select t, w, l, g, z as r from incoming where s = 'rejected' and i is null and w is not null and g is not null")}
     and ${IS_NOT_INCOMING}
)
insert into ${schema}.parked as kept (
  tenant_id, id, status, received_at, occurred_at, client_id, metric, amount, idempotency_key, identified_by,
  place, identity, fingerprint, raw, vouched_client_id, given_key, issues, error, reasons, conflicts_with, attempts,
  last_attempt_at, attempted_at, resolved_at)
select t, h, s, r, o, c, m, a, k, b, y, i, f, w, l, g, q::json, x::json, u, v, n, z, ${clock === "database" ? "statement_timestamp()" : "null"},
       -- counted already, by a claim that had not lapsed then, or kept as a conflict or a rejection: no failure any more
       case when s = 'failed' and (exists (
         select from ${schema}.claim
          where claim.tenant_id = t and claim.place = y and claim.identity = i and coalesce(claim.fingerprint, claim.identity) = f
            and (claim.lapses_at is null or claim.lapses_at > ${meetingTime(clock, "r")}) offset 0)
         or exists (select ${settlingEntry(schema, failure(clock))})
         or exists (select from incoming as settled
                     where settled.t = incoming.t and settled.i = incoming.i and settled.f = incoming.f
                       and settled.s <> 'failed' and (incoming.b <> 'w' or ${meetingTime(clock, "settled.z")} >= ${meetingTime(clock, "incoming.z")}))) then z end
  from incoming
 -- the same order in every batch, or two of them would lock each other's rows crosswise (40P01)
 order by t collate "C", h
on conflict (tenant_id, id) do update
   set attempts = kept.attempts + excluded.attempts, last_attempt_at = excluded.last_attempt_at,
       attempted_at = excluded.attempted_at, error = excluded.error, reasons = excluded.reasons, resolved_at = excluded.resolved_at
`;
