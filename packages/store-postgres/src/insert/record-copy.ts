import type { EventRecord } from "@evt/core/store";
import { value } from "../tables/record-columns.js";
import { type Cell, type Tally, talliesOf } from "../totals/tally.js";
import { OID, writeArrayValue } from "../wire/binary-array.js";
import type { ByteWriter } from "../wire/byte-writer.js";
import { CopyCommand, writeSync } from "../wire/copy-command.js";
import { type CopiedColumn, TableCopy } from "./table-copy.js";

const CLAIM: readonly CopiedColumn[] = [
  { name: "received_at", write: value.receivedAt },
  { name: "lapses_at", write: value.lapsesAt, isNull: ({ lapsesAt }) => lapsesAt === null },
  { name: "receipt_id", write: value.receiptId },
  { name: "tenant_id", write: value.tenantId },
  { name: "place", write: value.place },
  { name: "identity", write: value.identity },
  { name: "event_id", write: value.idUnlessIdentity, isNull: ({ id, identity }) => id === identity },
  {
    name: "fingerprint",
    write: value.fingerprintUnlessIdentity,
    isNull: ({ fingerprint, identity }) => fingerprint === identity,
  },
  { name: "raw_hash", write: value.rawHash, isNull: ({ rawHash = null }) => rawHash === null },
  { name: "rules", write: value.rules, isNull: ({ rules = 1 }) => rules === 1 },
  { name: "twins", write: value.twins, isNull: ({ twins = 1 }) => twins === 1 },
];

const EVENT: readonly CopiedColumn[] = [
  { name: "received_at", write: value.receivedAt },
  { name: "occurred_at", write: value.timestamp },
  { name: "identified_by", write: value.identifiedBy },
  { name: "tenant_id", write: value.tenantId },
  { name: "id", write: value.id },
  { name: "client_id", write: value.clientId },
  { name: "metric", write: value.metric },
  { name: "amount", write: value.amount },
  { name: "identity", write: value.identityUnlessId, isNull: ({ id, identity }) => id === identity },
  {
    name: "fingerprint",
    write: value.fingerprintUnlessIdentity,
    isNull: ({ fingerprint, identity }) => fingerprint === identity,
  },
  {
    name: "idempotency_key",
    write: value.idempotencyKey,
    isNull: ({ idempotencyKey }) => idempotencyKey === null,
  },
  { name: "raw", write: value.rawJson, isNull: ({ rawJson }) => rawJson === null },
  { name: "unit", write: value.unit, isNull: ({ unit = null }) => unit === null },
  { name: "dimensions", write: value.dimensions, isNull: ({ dimensions = null }) => dimensions === null },
];

const DIMENSIONS = ["dimension_names", "dimensions"];
const TALLY = ["tenant_id", "client_ids", "metrics", "quarters", "counts", "sums", "mins", "maxs"];

/** Writes records as one message of three COPYs into `claim`, `event` and `tally`, with binary values. */
export class RecordCopy {
  readonly #claim: TableCopy;
  readonly #event: TableCopy;
  readonly #tally: CopyCommand;
  readonly #tallyWithUnits: CopyCommand;
  readonly #tallyWithDimensions: CopyCommand;

  constructor(schema: string) {
    this.#claim = new TableCopy(`${schema}.claim`, CLAIM);
    this.#event = new TableCopy(`${schema}.event`, EVENT);
    this.#tally = new CopyCommand(`${schema}.tally`, TALLY);
    this.#tallyWithUnits = new CopyCommand(`${schema}.tally`, [...TALLY, "units"]);
    this.#tallyWithDimensions = new CopyCommand(`${schema}.tally`, [...TALLY, "units", ...DIMENSIONS]);
  }

  /**
   * Writes the message and returns the number of cells in the tallies.
   * @param claims - the same records in claim order, without twins
   * @param names - the dimensions of the tallies
   */
  write(
    writer: ByteWriter,
    claims: readonly EventRecord[],
    records: readonly EventRecord[],
    names: readonly string[] = [],
  ): number {
    const tallies = talliesOf(records, names);
    // claims come first, so that Postgres does no other work if a claim is taken
    this.#claim.write(writer, claims);
    this.#event.write(writer, records);
    if (names.length > 0)
      this.#tallyWithDimensions.write(writer, tallies, (tally) => {
        writeTallyWithUnits(writer, tally);
        writeDimensions(writer, tally, names);
      });
    else if (tallies.some(hasUnits))
      this.#tallyWithUnits.write(writer, tallies, (tally) => writeTallyWithUnits(writer, tally));
    else this.#tally.write(writer, tallies, (tally) => writeTally(writer, tally));
    writeSync(writer);
    return tallies.reduce((sum, { cells }) => sum + cells.length, 0);
  }
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

function writeTallyWithUnits(writer: ByteWriter, tally: Tally): void {
  writeTally(writer, tally);
  if (hasUnits(tally)) writeArrayValue(writer, OID.text, tally.cells, (_, { unit }) => writer.text(unit));
  else writer.null();
}

function writeDimensions(writer: ByteWriter, { cells }: Tally, names: readonly string[]): void {
  writeArrayValue(writer, OID.text, names, (_, name) => writer.text(name));
  if (cells.some(({ dimensions }) => dimensions !== null))
    writeArrayValue(writer, OID.text, cells, (_, { dimensions }) => writer.text(dimensions));
  else writer.null();
}

function hasUnits({ cells }: Tally): boolean {
  return cells.some(({ unit }) => unit !== null);
}
