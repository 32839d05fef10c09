import type { EventRecord, Holder, StoredEvent } from "@evt/core";
import type { PgQuery } from "../connection/pg-pool.js";
import type { Prepare, Statement } from "../connection/statement.js";
import { instant, instantText } from "../entries/entry-row.js";
import { claimOf, eventOfClaim } from "../entries/lookups.js";
import { resolveFailures } from "../parked/resolve-failures.js";
import { OID } from "./binary-array.js";
import type { ByteWriter } from "./byte-writer.js";
import { isLapsing } from "./insert-statement.js";
import { type Column, columnArrays, value } from "./record-columns.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * Who holds the identities of records. A statement of its own: a claim that an insert skipped may be newer than the
 * insert's snapshot, and invisible to it. What the holder has in common with the record is not sent back.
 */
export class HoldersStatement {
  readonly #plain: Statement;
  readonly #settling: Statement;

  constructor(schema: string, prepare: Prepare) {
    this.#plain = prepare(sql(schema, ""));
    this.#settling = prepare(sql(schema, settled(schema)));
  }

  /** Those whom an insert of each record alone would meet: a claim that has lapsed is nobody's. */
  standing(writer: ByteWriter, records: readonly EventRecord[]): PgQuery {
    return this.#plain.with(...columnArrays(writer, COLUMNS, records), true);
  }

  /**
   * Those whom an insert has met, or is about to. Where claims may lapse, resolves failures of the same content on the
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
  const claim = {
    id: text(row["event_id"]) ?? record.identity,
    receiptId: String(row["receipt_id"]).replaceAll("-", ""),
    receivedAt: new Date(Number(row["received_at"])).toISOString(),
    fingerprint: text(row["fingerprint"]) ?? record.fingerprint,
  };
  return { claim, event: row["is_there"] === "true" ? eventOf(row, record, claim) : null };
}

/** Equal fingerprints are those of equal contents; what the time of receipt stands in for is not in them. */
function eventOf(
  row: Row,
  record: EventRecord,
  { id, receivedAt, fingerprint }: Holder["claim"],
): StoredEvent {
  const said = fingerprint === record.fingerprint ? record : null;
  const occurredAt = text(row["occurred_at"]);
  return {
    status: "processed",
    tenantId: record.tenantId,
    id,
    clientId: said?.clientId ?? String(row["client_id"]),
    metric: said?.metric ?? String(row["metric"]),
    amount: said?.amount ?? String(row["amount"]),
    timestamp: occurredAt === null ? record.timestamp : instant(occurredAt),
    idempotencyKey: record.idempotencyKey,
    receivedAt,
    rawJson: text(row["raw"]),
    identity: record.identity,
    fingerprint,
    identifiedBy: record.identifiedBy,
  };
}

function text(value: unknown): string | null {
  return value === null ? null : String(value);
}

const COLUMNS: readonly Column[] = [
  [OID.text, value.tenantId],
  [OID.bytea, value.place],
  [OID.bytea, value.identity],
  [OID.bytea, value.fingerprintUnlessIdentity],
  [OID.timestamptz, value.receivedAt],
  [OID.timestamptz, value.timestamp],
];

const settled = (schema: string) => `,
resolved as (
  ${resolveFailures(
    schema,
    `select asked.t, asked.i, asked.f, asked.r from asked ${claimOf(schema, "asked.t", "asked.y", "asked.i")}
      where coalesce(claim.fingerprint, claim.identity) = asked.f`,
  )}
)`;

const sql = (schema: string, further: string) => `
with asked as materialized (
  select n - 1 as n, t, y, i, coalesce(f, i) as f, r, o
    from unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::timestamptz[], $6::timestamptz[])
      with ordinality as record (t, y, i, f, r, o, n)
)${further}
select asked.n::text as ordinal,
       encode(claim.event_id, 'hex') as event_id,
       claim.receipt_id::text as receipt_id,
       -- whole milliseconds, of which a double holds more than there are
       (date_part('epoch', claim.received_at) * 1000)::bigint::text as received_at,
       case when not found.same then encode(coalesce(claim.fingerprint, claim.identity), 'hex') end as fingerprint,
       (event.id is not null)::text as is_there,
       case when event.occurred_at <> asked.o then ${instantText("event.occurred_at")} end as occurred_at,
       case when not found.same then event.client_id end as client_id,
       case when not found.same then event.metric end as metric,
       case when not found.same then event.amount::text end as amount,
       event.raw::text as raw
  from asked
  ${claimOf(schema, "asked.t", "asked.y", "asked.i")}
  cross join lateral (select coalesce(claim.fingerprint, claim.identity) = asked.f as same) as found
  left ${eventOfClaim(schema)}
 where not $7::boolean or claim.lapses_at is null or claim.lapses_at > asked.r
`;
