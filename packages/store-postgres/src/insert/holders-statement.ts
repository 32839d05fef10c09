import { type EventRecord, type Holder, storedEvent } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import { awaitStandbyUnless } from "../connection/standby.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { instant, instantText } from "../entries/entry-row.js";
import { claimOf, eventOfClaim } from "../entries/lookups.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { storable } from "../parked/storable-text.js";
import { OID } from "./binary-array.js";
import type { ByteWriter } from "./byte-writer.js";
import { isLapsing } from "./insert-statement.js";
import { type LapsingClock, meetingTime } from "./lapsing-clock.js";
import { type Column, columnArrays, value } from "./record-columns.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * Who holds the identities of records. A statement of its own: a claim that an insert skipped may be newer than the
 * insert's snapshot, and invisible to it. What the holder has in common with the record is not sent back.
 */
export class HoldersStatement {
  readonly #plain: Statement;
  readonly #settling: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#plain = prepare(sql(schema, clock, ""));
    this.#settling = prepare(sql(schema, clock, settled(schema)));
  }

  /** Those whom an insert of each record alone would meet: a claim that has lapsed is nobody's. */
  standing(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    return this.#plain.with(...columnArrays(writer, COLUMNS, records), true);
  }

  /**
   * Those whom an insert has met, or is about to. Returns only when what it found is replicated. Where claims may lapse, resolves failures of the same content on the
   * way: a resend that turns out a duplicate settles them as one that is counted does.
   */
  met(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    const statement = records.some(isLapsing) ? this.#settling : this.#plain;
    return statement.with(...columnArrays(writer, COLUMNS, records), false);
  }
}

/** By the ordinal of the record; one whose identity nobody holds has none. */
export function holdersByOrdinal(
  rows: readonly Row[],
  records: readonly EventRecord[],
): ReadonlyMap<number, Holder> {
  return new Map(
    rows.map((row) => {
      const ordinal = Number(row["ordinal"]);
      return [ordinal, holder(row, records[ordinal] as EventRecord)];
    }),
  );
}

function holder(row: Row, record: EventRecord): Holder {
  const receiptId = String(row["receipt_id"]);
  const receivedAt = new Date(Number(row["received_at"])).toISOString();
  const differing = row["differing"];
  if (differing !== null) return other(JSON.parse(String(differing)), record, receiptId, receivedAt);
  return same(record, receiptId, receivedAt);
}

/** The holder is what the record is, but for its receipt. */
function same(record: EventRecord, receiptId: string, receivedAt: string): Holder {
  const { identity: id, fingerprint } = record;
  const rawJson = record.rawJson && storable(record.rawJson);
  const claim = { id, receiptId, receivedAt, fingerprint };
  return { claim, event: { ...storedEvent(record), id, receivedAt, rawJson } };
}

/** As SQL writes it down below. */
interface Differing {
  readonly id: string;
  readonly fingerprint: string;
  readonly isThere: boolean;
  readonly occurredAt: string;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly raw: string | null;
}

function other(differing: Differing, record: EventRecord, receiptId: string, receivedAt: string): Holder {
  const { isThere, occurredAt, raw: rawJson, ...said } = differing;
  const claim = { id: said.id, receiptId, receivedAt, fingerprint: said.fingerprint };
  if (!isThere) return { claim, event: null };
  const timestamp = instant(occurredAt);
  return { claim, event: { ...storedEvent(record), ...said, timestamp, receivedAt, rawJson } };
}

const COLUMNS: readonly Column[] = [
  [OID.text, value.tenantId],
  [OID.bytea, value.place],
  [OID.bytea, value.identity],
  [OID.bytea, value.fingerprintUnlessIdentity],
  [OID.timestamptz, value.receivedAt],
  [OID.timestamptz, value.timestamp],
  [OID.text, value.rawJson],
];

const settled = (schema: string) => `,
resolved as (
  ${resolveFailures(
    schema,
    `select asked.t, asked.i, asked.f, asked.r from asked ${claimOf(schema, "asked.t", "asked.y", "asked.i")}
      where coalesce(claim.fingerprint, claim.identity) = asked.f`,
  )}
)`;

const sql = (schema: string, clock: LapsingClock, further: string) => `
with asked as materialized (
  select n - 1 as n, t, y, i, coalesce(f, i) as f, r, o, w
    from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::timestamptz[], $7::text[])
      with ordinality as record (t, y, i, f, r, o, w, n)
)${further}
select asked.n::text as ordinal,
       ${awaitStandbyUnless("$8::boolean")} as awaited,
       encode(uuid_send(claim.receipt_id), 'hex') as receipt_id,
       -- whole milliseconds, of which a double holds more than there are
       (date_part('epoch', claim.received_at) * 1000)::bigint::text as received_at,
       case when claim.event_id is null and found.fingerprint = asked.f and event.occurred_at = asked.o
                 and event.raw::text is not distinct from asked.w
            then null
            else json_build_object(
              'id', encode(coalesce(claim.event_id, claim.identity), 'hex'),
              'fingerprint', encode(found.fingerprint, 'hex'),
              'isThere', event.id is not null,
              'occurredAt', ${instantText("event.occurred_at")},
              'clientId', event.client_id,
              'metric', event.metric,
              'amount', event.amount::text,
              'raw', event.raw::text)::text
       end as differing
  from asked
  ${claimOf(schema, "asked.t", "asked.y", "asked.i")}
  cross join lateral (select coalesce(claim.fingerprint, claim.identity) as fingerprint) as found
  left ${eventOfClaim(schema)}
 where not $8::boolean or claim.lapses_at is null or claim.lapses_at > ${meetingTime(clock, "asked.r")}
`;
