import { type EventRecord, type Holder, storedEvent } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import { AWAIT_STANDBY } from "../connection/standby.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { type LapsingClock, meetingTime } from "../tables/lapsing-clock.js";
import { claimOf, eventOfClaim } from "../tables/lookups.js";
import { isOmitted, RAW, rawBudget, withinBudget } from "../tables/raw-within-budget.js";
import { type Column, columnArrays, value } from "../tables/record-columns.js";
import { instant, instantText } from "../tables/row-values.js";
import { storable } from "../tables/storable-text.js";
import { OID } from "../wire/binary-array.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import { isLapsing } from "./insert-statement.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * Who holds the identities of records. A statement of its own: a claim that an insert skipped may be newer than the
 * insert's snapshot, and invisible to it. What the holder has in common with the record is not sent back.
 */
export class HoldersStatement {
  readonly #standing: Statement;
  readonly #met: Statement;
  readonly #settling: Statement;

  constructor(schema: string, prepare: Prepare, clock: LapsingClock = "database") {
    this.#standing = prepare(standingSql(schema, clock));
    this.#met = prepare(metSql(schema, ""));
    this.#settling = prepare(metSql(schema, settled(schema)));
  }

  /**
   * Those whom an insert of each record alone would meet: a claim that has lapsed is nobody's. With their raw texts, as
   * far as `rawChars` goes.
   */
  standing(writer: ByteWriter, records: readonly EventRecord[], rawChars: number | undefined): PgQuery {
    return this.#standing.with(...columnArrays(writer, WITHOUT_RAW, records), rawBudget(rawChars));
  }

  /**
   * Those whom an insert has met, or is about to. Returns only when what it found is replicated. No raw text is sent back: one that is not the record's own is left out.
   * Where claims may lapse, resolves failures of the same content on the way: a resend that turns out a duplicate
   * settles them as one that is counted does.
   */
  met(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    const statement = records.some(isLapsing) ? this.#settling : this.#met;
    return statement.with(...columnArrays(writer, COLUMNS, records));
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
  if (differing === null) return same(record, receiptId, receivedAt);
  const told: Differing = JSON.parse(String(differing));
  const raw = typeof row["raw"] === "string" ? row["raw"] : null;
  const kept = isOmitted(row) ? "left out" : told.kept;
  return other({ ...told, kept }, raw, record, receiptId, receivedAt);
}

/** The holder is what the record is, but for its receipt. */
function same(record: EventRecord, receiptId: string, receivedAt: string): Holder {
  const { identity: id, fingerprint } = record;
  const claim = { id, receiptId, receivedAt, fingerprint };
  return { claim, event: { ...storedEvent(record), id, receivedAt, rawJson: ownRaw(record) } };
}

/** As it would be read back. */
const ownRaw = ({ rawJson }: EventRecord): string | null => rawJson && storable(rawJson);

/** As SQL writes it down below. */
interface Differing {
  readonly id: string;
  readonly fingerprint: string;
  readonly isThere: boolean;
  readonly occurredAt: string;
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  /** What is known of the raw text: that there is none, that it is the record's own, that it is read, or left out. */
  readonly kept: "none" | "own" | "read" | "left out";
}

function other(
  differing: Differing,
  raw: string | null,
  record: EventRecord,
  receiptId: string,
  receivedAt: string,
): Holder {
  const { isThere, occurredAt, kept, ...said } = differing;
  const claim = { id: said.id, receiptId, receivedAt, fingerprint: said.fingerprint };
  if (!isThere) return { claim, event: null };
  const timestamp = instant(occurredAt);
  const rawJson = kept === "own" ? ownRaw(record) : raw;
  const event = { ...storedEvent(record), ...said, timestamp, receivedAt, rawJson };
  return { claim, event: kept === "left out" ? { ...event, rawOmitted: true } : event };
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

/** Where no raw texts are compared, none are sent. */
const WITHOUT_RAW: readonly Column[] = COLUMNS.with(-1, [OID.text, (writer) => writer.text(null)]);

const settled = (schema: string) => `,
resolved as (
  ${resolveFailures(
    schema,
    `select asked.tenant_id, asked.identity, asked.fingerprint, asked.received_at as resolved_at
       from asked ${claimOf(schema, "asked.tenant_id", "asked.place", "asked.identity")}
      where coalesce(claim.fingerprint, claim.identity) = asked.fingerprint`,
  )}
)`;

const asked = `asked as materialized (
  select ordinal - 1 as ordinal, tenant_id, place, identity, coalesce(fingerprint, identity) as fingerprint,
         received_at, occurred_at, raw
    from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::timestamptz[], $7::text[])
      with ordinality as record (tenant_id, place, identity, fingerprint, received_at, occurred_at, raw, ordinal)
)`;

const found = (schema: string) => `
  ${claimOf(schema, "asked.tenant_id", "asked.place", "asked.identity")}
  cross join lateral (select coalesce(claim.fingerprint, claim.identity) as fingerprint) as found
  left ${eventOfClaim(schema)}`;

const RECEIPT = `encode(uuid_send(claim.receipt_id), 'hex') as receipt_id,
       -- whole milliseconds, of which a double holds more than there are
       (date_part('epoch', claim.received_at) * 1000)::bigint::text as received_at`;

/** `kept` tells where the raw text is found, as {@link Differing} names it. */
const differing = (kept: string) => `json_build_object(
              'id', encode(coalesce(claim.event_id, claim.identity), 'hex'),
              'fingerprint', encode(found.fingerprint, 'hex'),
              'isThere', event.id is not null,
              'occurredAt', ${instantText("event.occurred_at")},
              'clientId', event.client_id,
              'metric', event.metric,
              'amount', event.amount::text,
              'kept', ${kept})::text`;

/**
 * Whether the stored raw text is the record's own. Compared only where the sizes allow it: a text takes no more room than
 * its bytes and a header of four, and a large one would have to be decompressed first.
 */
const ownsRaw = `case when event.raw is null or asked.raw is null then event.raw is null and asked.raw is null
                 when found.fingerprint <> asked.fingerprint or pg_column_size(event.raw) > octet_length(asked.raw) + 4 then false
                 else event.raw::text = asked.raw
            end`;

const metSql = (schema: string, further: string) => `
with ${asked}${further}
select asked.ordinal::text as ordinal,
       ${AWAIT_STANDBY} as awaited,
       ${RECEIPT},
       case when claim.event_id is null and found.fingerprint = asked.fingerprint and event.occurred_at = asked.occurred_at
                 and ${ownsRaw}
            then null
            else ${differing(`case when event.raw is null then 'none' when ${ownsRaw} then 'own' else 'left out' end`)}
       end as differing
  from asked
  ${found(schema)}
`;

const standingSql = (schema: string, clock: LapsingClock) => `
with ${asked},
${withinBudget(
  `select asked.ordinal, ${RECEIPT},
          ${differing("case when event.raw is null then 'none' else 'read' end")} as differing,
          event.raw as json_raw, null::text as text_raw
     from asked
     ${found(schema)}
    where claim.lapses_at is null or claim.lapses_at > ${meetingTime(clock, "asked.received_at")}`,
  "ordinal",
  "$8::bigint",
)}
select ordinal::text as ordinal, receipt_id, received_at, ${RAW}, differing from bounded
`;
