import {
  type Claim,
  type EventRecord,
  type InsertOutcome,
  type ParkedEvent,
  type StoredEvent,
  sha256Hex,
} from "@evt/core/store";

export const TENANT = "tenant";
/** The time after which the claims of {@link Samples.windowed} records lapse, in milliseconds. */
export const WINDOW_MS = 5 * 60_000;

/** Strings in the order of their code points. UTF-16 code units, case and the rules of a language give other orders. */
export const SORTED_BY_CODE_POINT = [
  "x",
  "x\nx",
  "x x",
  "x-",
  "x1",
  "x10",
  "x2",
  "xA",
  "xa",
  "xÉ",
  "xé",
  "x\ue000",
  "x\uffff",
  "x😀",
];

/** Returns the instant that is `offsetMs` milliseconds after the default receive time of samples. */
export function at(offsetMs: number): string {
  return new Date(Date.parse("2026-03-01T12:00:00.000Z") + offsetMs).toISOString();
}

/** Creates records and parked events as core passes them to a store. By default, each record has its own identity. */
export class Samples {
  #made = 0;

  record(given: Partial<EventRecord> = {}): EventRecord {
    const number = ++this.#made;
    const identity = given.identity ?? sha256Hex(`identity ${number}`);
    const content = {
      clientId: "client",
      metric: "metric",
      amount: "1",
      unit: null,
      dimensions: null,
      timestamp: "2026-02-28T23:50:00.000Z",
      ...given,
    };
    return {
      tenantId: TENANT,
      identity,
      id: identity,
      fingerprint: contentHash(content),
      identifiedBy: "key",
      receiptId: number.toString(16).padStart(32, "0"),
      receivedAt: at(0),
      lapsesAt: null,
      idempotencyKey: `key ${identity.slice(0, 16)}`,
      rawJson: `{"number":${number}}`,
      ...content,
    };
  }

  records(count: number, given: Partial<EventRecord> = {}): EventRecord[] {
    return Array.from({ length: count }, () => this.record(given));
  }

  /** Returns a record whose claim lapses. The record's ID differs from its identity. */
  windowed(receivedAt: string, given: Partial<EventRecord> = {}): EventRecord {
    const record = this.record({ identifiedBy: "window", idempotencyKey: null, receivedAt, ...given });
    return { ...record, ...windowOf(record.identity, receivedAt) };
  }

  /**
   * Returns the record of the same event, sent again: with the same identity and a new receipt ID. `given` changes
   * fields, for example the content.
   */
  again(record: EventRecord, given: Partial<EventRecord> = {}): EventRecord {
    const { receiptId } = this.record();
    const sent = { ...record, receiptId, ...given };
    const window = record.identifiedBy === "window" ? windowOf(sent.identity, sent.receivedAt) : {};
    return { ...sent, fingerprint: contentHash(sent), ...window };
  }

  /** Returns the parked event of a record whose insert failed. */
  failure(record: EventRecord, given: Partial<ParkedEvent> = {}): ParkedEvent {
    const { tenantId, clientId, metric, amount, timestamp, idempotencyKey, receivedAt, rawJson } = record;
    const { identity, fingerprint, identifiedBy, unit = null, dimensions = null } = record;
    return {
      status: "failed",
      ...{ tenantId, clientId, metric, amount, unit, dimensions, timestamp },
      ...{ idempotencyKey, receivedAt, rawJson },
      id: sha256Hex(`failed ${identity} ${fingerprint}`),
      ...{ identity, fingerprint, identifiedBy },
      vouchedClientId: null,
      givenKey: null,
      issues: [],
      error: { code: "EVT_STORE_UNAVAILABLE", message: "the connection was lost" },
      conflictsWith: null,
      attempts: 1,
      lastAttemptAt: receivedAt,
      resolvedAt: null,
      ...given,
    };
  }

  /** Returns a rejected event in which no field can be read. */
  rejected(given: Partial<ParkedEvent> = {}): ParkedEvent {
    const record = this.record();
    return {
      ...this.failure(record),
      status: "rejected",
      id: sha256Hex(`rejected ${record.receiptId}`),
      ...{ clientId: null, metric: null, amount: null, timestamp: null, idempotencyKey: null },
      ...{ identity: null, fingerprint: null, identifiedBy: null },
      issues: [{ code: "amount_missing", path: "", message: "no amount" }],
      error: null,
      ...given,
    };
  }
}

function windowOf(identity: string, receivedAt: string): Pick<EventRecord, "id" | "lapsesAt"> {
  const lapsesAt = new Date(Date.parse(receivedAt) + WINDOW_MS).toISOString();
  return { id: sha256Hex(`${identity} ${receivedAt}`), lapsesAt };
}

function contentHash({
  clientId,
  metric,
  amount,
  unit,
  dimensions,
  timestamp,
}: Pick<EventRecord, "clientId" | "metric" | "amount" | "unit" | "dimensions" | "timestamp">): string {
  return sha256Hex(JSON.stringify([clientId, metric, amount, unit, dimensions, timestamp]));
}

/** Returns the event that a store must return for a record. */
export function storedOf(record: EventRecord): StoredEvent {
  const { receiptId: _, lapsesAt: __, rawHash: ___, rules: ____, twins: _____, ...event } = record;
  const { unit = null, dimensions = null } = record;
  return { status: "processed", ...event, unit, dimensions };
}

/** Returns the claim that a store must return for a record. */
export function claimOf(record: EventRecord): Claim {
  const { id, receiptId, receivedAt, fingerprint, rawHash = null, rules = 1, twins = 1 } = record;
  return { id, receiptId, receivedAt, fingerprint, rawHash, rules, twins };
}

/** Returns the outcome of a record whose identity is held by another record. */
export function takenBy(holder: EventRecord) {
  return { outcome: "taken", claim: claimOf(holder), event: storedOf(holder) } as const;
}

export const INSERTED = { outcome: "inserted" } as const;

/**
 * Returns `inserted` for each inserted record, or the ID of the event that holds the identity. S4 checks the rest.
 */
export function verdicts(outcomes: readonly InsertOutcome[]): string[] {
  return outcomes.map((outcome) => (outcome.outcome === "inserted" ? "inserted" : outcome.claim.id));
}
