import type { EventRecord } from "@evt/core/store";
import { value, type Write } from "../tables/record-columns.js";
import { type Cell, type Tally, talliesOf } from "../totals/tally.js";
import { OID, writeArrayValue } from "../wire/binary-array.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import { CopyCommand, writeSync } from "../wire/copy-command.js";

const CLAIM = {
  received_at: value.receivedAt,
  lapses_at: value.lapsesAt,
  receipt_id: value.receiptId,
  tenant_id: value.tenantId,
  place: value.place,
  identity: value.identity,
  event_id: value.idUnlessIdentity,
  fingerprint: value.fingerprintUnlessIdentity,
  raw_hash: value.rawHash,
  rules: value.rules,
  twins: value.twins,
};

const EVENT = {
  received_at: value.receivedAt,
  occurred_at: value.timestamp,
  identified_by: value.identifiedBy,
  tenant_id: value.tenantId,
  id: value.id,
  client_id: value.clientId,
  metric: value.metric,
  amount: value.amount,
  identity: value.identityUnlessId,
  fingerprint: value.fingerprintUnlessIdentity,
  idempotency_key: value.idempotencyKey,
  raw: value.rawJson,
};

const TALLY = ["tenant_id", "client_ids", "metrics", "quarters", "counts", "sums", "mins", "maxs"];

/** Writes records as one message of three COPYs into `claim`, `event` and `tally`, with binary values. */
export class RecordCopy {
  readonly #claim: CopyCommand;
  readonly #event: CopyCommand;
  readonly #tally: CopyCommand;

  constructor(schema: string) {
    this.#claim = new CopyCommand(`${schema}.claim`, Object.keys(CLAIM));
    this.#event = new CopyCommand(`${schema}.event`, Object.keys(EVENT));
    this.#tally = new CopyCommand(`${schema}.tally`, TALLY);
  }

  /** Writes the message and returns the number of cells in the tallies. All identities of a tenant must differ. */
  write(writer: ByteWriter, records: readonly EventRecord[]): number {
    const tallies = talliesOf(records);
    // Claims come first, so that Postgres does no other work if a claim is taken. Every batch writes its claims in the
    // same order, because two batches that share identities could otherwise deadlock (40P01).
    this.#claim.write(writer, inOrder(records), row(writer, CLAIM));
    this.#event.write(writer, records, row(writer, EVENT));
    this.#tally.write(writer, tallies, (tally) => writeTally(writer, tally));
    writeSync(writer);
    return tallies.reduce((sum, { cells }) => sum + cells.length, 0);
  }
}

function row(writer: ByteWriter, columns: Readonly<Record<string, Write>>): (record: EventRecord) => void {
  const writes = Object.values(columns);
  return (record) => {
    for (const write of writes) write(writer, record);
  };
}

function inOrder(records: readonly EventRecord[]): readonly EventRecord[] {
  return [...records].sort(
    (a, b) => byCodeUnits(a.identity, b.identity) || byCodeUnits(a.tenantId, b.tenantId),
  );
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeTally(writer: ByteWriter, { tenantId, cells }: Tally): void {
  const array = (oid: number, write: (writer: ByteWriter, cell: Cell) => void) =>
    writeArrayValue(writer, oid, cells, write);
  writer.text(tenantId);
  array(OID.text, (_, { clientId }) => writer.text(clientId));
  array(OID.text, (_, { metric }) => writer.text(metric));
  array(OID.timestamptz, (_, { quarter }) => writer.instant(quarter));
  array(OID.int8, (_, { count }) => writer.int8(count));
  array(OID.numeric, (_, { sum }) => writer.decimal(sum));
  array(OID.numeric, (_, { min }) => writer.decimal(min));
  array(OID.numeric, (_, { max }) => writer.decimal(max));
}
