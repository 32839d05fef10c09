import type { EventRecord } from "@evt/core";

/**
 * The rows that an insert of the records stores in both tables, in COPY's text format
 * (https://www.postgresql.org/docs/current/sql-copy.html).
 */
export interface CopyText {
  readonly claims: Buffer;
  readonly events: Buffer;
}

export const CLAIM_COLUMNS =
  "received_at, lapses_at, receipt_id, tenant_id, place, identity, event_id, fingerprint, raw_hash, rules, twins";
export const EVENT_COLUMNS =
  "received_at, occurred_at, identified_by, tenant_id, id, client_id, metric, amount, identity, fingerprint, idempotency_key, raw";

export function copyText(records: readonly EventRecord[]): CopyText {
  return { claims: rows(records.map(claimRow)), events: rows(records.map(eventRow)) };
}

type Value = string | null;

function claimRow(record: EventRecord): readonly Value[] {
  const { tenantId, identity, id, fingerprint, receivedAt, lapsesAt, receiptId } = record;
  const { rawHash = null, rules = 1, twins = 1 } = record;
  return [
    receivedAt,
    lapsesAt,
    receiptId,
    tenantId,
    bytea(placeOf(record)),
    bytea(identity),
    id === identity ? null : bytea(id),
    unlessIdentity(fingerprint, identity),
    rawHash === null ? null : String(rawHash),
    unlessOne(rules),
    unlessOne(twins),
  ];
}

function eventRow(record: EventRecord): readonly Value[] {
  const { tenantId, identity, id, fingerprint, receivedAt, timestamp, clientId, metric, amount } = record;
  const letter = record.identifiedBy.charAt(0);
  const hashes = [id === identity ? null : bytea(identity), unlessIdentity(fingerprint, identity)];
  const fields = [receivedAt, timestamp, letter, tenantId, bytea(id), clientId, metric, amount];
  return [...fields, ...hashes, record.idempotencyKey, record.rawJson];
}

/** Returns, in hex, the beginning of the key, or the time in microseconds since 2000 as bytes that sort by time. */
function placeOf({ idempotencyKey, timestamp }: EventRecord): string {
  if (idempotencyKey !== null) return Buffer.from(idempotencyKey).subarray(0, 32).toString("hex");
  const micros = BigInt(Date.parse(timestamp) - Date.UTC(2000, 0, 1)) * 1_000n;
  return (micros + (1n << 63n)).toString(16).padStart(16, "0");
}

const unlessOne = (count: number): Value => (count === 1 ? null : String(count));
const bytea = (hex: string): string => `\\x${hex}`;
const unlessIdentity = (hash: string, identity: string): Value => (hash === identity ? null : bytea(hash));

function rows(lines: readonly (readonly Value[])[]): Buffer {
  return Buffer.from(lines.map((line) => `${line.map(field).join("\t")}\n`).join(""));
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function field(value: Value): string {
  return value === null ? "\\N" : value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] as string);
}
