import type { EventRecord } from "@evt/core";

/**
 * Rows of the two tables in COPY's text format (https://www.postgresql.org/docs/current/sql-copy.html), ready to be
 * sent: what an insert of these records stores there.
 */
export interface CopyText {
  readonly claims: Buffer;
  readonly events: Buffer;
}

export const CLAIM_COLUMNS = "tenant_id, identity, received_at, lapses_at, event_id, fingerprint, receipt_id";
export const EVENT_COLUMNS =
  "tenant_id, id, received_at, occurred_at, client_id, metric, amount, identified_by, identity, fingerprint, idempotency_key, raw";

export function copyText(records: readonly EventRecord[]): CopyText {
  return { claims: rows(records.map(claimRow)), events: rows(records.map(eventRow)) };
}

type Value = string | null;

function claimRow(record: EventRecord): readonly Value[] {
  const { tenantId, identity, id, fingerprint, receivedAt, lapsesAt, receiptId } = record;
  const eventId = id === identity ? null : bytea(id);
  return [
    tenantId,
    bytea(identity),
    receivedAt,
    lapsesAt,
    eventId,
    unlessIdentity(fingerprint, identity),
    receiptId,
  ];
}

function eventRow(record: EventRecord): readonly Value[] {
  const { tenantId, identity, id, fingerprint, receivedAt, timestamp, clientId, metric, amount } = record;
  const letter = record.identifiedBy.charAt(0);
  const hashes = [id === identity ? null : bytea(identity), unlessIdentity(fingerprint, identity)];
  const fields = [tenantId, bytea(id), receivedAt, timestamp, clientId, metric, amount, letter];
  return [...fields, ...hashes, record.idempotencyKey, record.rawJson];
}

const bytea = (hex: string): string => `\\x${hex}`;
const unlessIdentity = (hash: string, identity: string): Value => (hash === identity ? null : bytea(hash));

function rows(lines: readonly (readonly Value[])[]): Buffer {
  return Buffer.from(lines.map((line) => `${line.map(field).join("\t")}\n`).join(""));
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function field(value: Value): string {
  return value === null ? "\\N" : value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] as string);
}
