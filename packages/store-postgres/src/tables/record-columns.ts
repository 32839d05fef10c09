import type { EventRecord } from "@evt/core/store";
import { OID, writeArray } from "../wire/binary-array.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import { writePlace } from "./claim-place.js";
import { identifiedByLetter } from "./identified-by.js";
import { storable } from "./storable-text.js";

/** Writes one value of a record. */
export type Write = (writer: ByteWriter, record: EventRecord) => void;

const HASH = 32;
const UUID = 16;

/**
 * The functions that write a record's values. A function whose name contains `Unless` writes null if the two values
 * are equal, because the other value is stored anyway.
 */
export const value = {
  tenantId: (writer, { tenantId }) => writer.text(tenantId),
  place: writePlace,
  identity: (writer, { identity }) => writer.hex(identity, HASH),
  id: (writer, { id }) => writer.hex(id, HASH),
  idUnlessIdentity: (writer, { id, identity }) => writer.hex(id === identity ? null : id, HASH),
  identityUnlessId: (writer, { id, identity }) => writer.hex(id === identity ? null : identity, HASH),
  fingerprintUnlessIdentity: (writer, { fingerprint, identity }) =>
    writer.hex(fingerprint === identity ? null : fingerprint, HASH),
  identifiedBy: (writer, { identifiedBy }) => writer.letter(identifiedByLetter(identifiedBy).charCodeAt(0)),
  receiptId: (writer, { receiptId }) => writer.hex(receiptId, UUID),
  receivedAt: (writer, { receivedAt }) => writer.instant(receivedAt),
  lapsesAt: (writer, { lapsesAt }) => writer.instant(lapsesAt),
  clientId: (writer, { clientId }) => writer.text(clientId),
  metric: (writer, { metric }) => writer.text(metric),
  amount: (writer, { amount }) => writer.decimal(amount),
  unit: (writer, { unit = null }) => writer.text(unit),
  dimensions: (writer, { dimensions = null }) => writer.text(dimensions && JSON.stringify(dimensions)),
  timestamp: (writer, { timestamp }) => writer.instant(timestamp),
  idempotencyKey: (writer, { idempotencyKey }) => writer.text(idempotencyKey),
  rawJson: (writer, { rawJson }) => writer.text(rawJson && storable(rawJson)),
  rawHash: (writer, { rawHash = null }) => (rawHash === null ? writer.null() : writer.int8(rawHash)),
  // null means 1 and saves space
  rules: (writer, { rules = 1 }) => writer.int2(rules === 1 ? null : rules),
  twins: (writer, { twins = 1 }) => writer.int2(twins === 1 ? null : twins),
} satisfies Record<string, Write>;

/** A column of records that is sent as an array parameter of this type. */
export type Column = readonly [oid: number, write: Write];

/**
 * Returns the columns as parameters, one array each. The arrays are views into the writer. They are valid until the
 * writer is used again.
 */
export function columnArrays(
  writer: ByteWriter,
  columns: readonly Column[],
  records: readonly EventRecord[],
): Buffer[] {
  const ends = columns.map(([oid, write]) => {
    writeArray(writer, oid, records, write);
    return writer.length;
  });
  // the views are created last, because a writer that grows replaces its buffer
  return ends.map((end, i) => writer.written(i === 0 ? 0 : ends[i - 1], end));
}

const COLUMNS: readonly Column[] = [
  [OID.text, value.tenantId],
  [OID.bytea, value.place],
  [OID.bytea, value.identity],
  [OID.bytea, value.idUnlessIdentity],
  [OID.bytea, value.fingerprintUnlessIdentity],
  [OID.char, value.identifiedBy],
  [OID.uuid, value.receiptId],
  [OID.timestamptz, value.receivedAt],
  [OID.timestamptz, value.lapsesAt],
  [OID.text, value.clientId],
  [OID.text, value.metric],
  [OID.numeric, value.amount],
  [OID.timestamptz, value.timestamp],
  [OID.text, value.idempotencyKey],
  [OID.text, value.rawJson],
  [OID.int8, value.rawHash],
  [OID.int2, value.rules],
  [OID.int2, value.twins],
  [OID.text, value.unit],
  [OID.text, value.dimensions],
];

/** The number of parameters of {@link RECORD_COLUMNS}. */
export const RECORD_PARAMETERS = COLUMNS.length;

/** Returns the columns of {@link RECORD_COLUMNS} as parameters. */
export const recordColumns = (writer: ByteWriter, records: readonly EventRecord[]): Buffer[] =>
  columnArrays(writer, COLUMNS, records);

/** The same columns in SQL, as the table `record`, with `ordinal` from 1. */
export const RECORD_COLUMNS = `
    unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::"char"[], $7::uuid[], $8::timestamptz[],
           $9::timestamptz[], $10::text[], $11::text[], $12::numeric[], $13::timestamptz[], $14::text[], $15::text[],
           $16::bigint[], $17::smallint[], $18::smallint[], $19::text[], $20::text[])
      with ordinality as record (
        tenant_id, place, identity, event_id, fingerprint, identified_by, receipt_id, received_at,
        lapses_at, client_id, metric, amount, occurred_at, idempotency_key, raw, raw_hash, rules, twins, unit, dimensions,
        ordinal)`;
