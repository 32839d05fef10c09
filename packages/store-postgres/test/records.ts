import type { EventRecord, ParkedEvent, Store } from "@evt/core";
import { type StoreCall, sha256Hex } from "@evt/core/store";

export const TENANT = "acme";
export const RECEIVED_AT = "2026-03-01T12:00:00.000Z";

/** A call without a deadline. */
export function patient(): StoreCall {
  return { signal: new AbortController().signal };
}

let made = 0;

/** A record as core passes it, by default with its own identity. */
export function recordOf(given: Partial<EventRecord> = {}): EventRecord {
  const number = ++made;
  const identity = given.identity ?? sha256Hex(`identity ${number}`);
  return {
    tenantId: TENANT,
    identity,
    id: identity,
    fingerprint: sha256Hex(`content ${identity}`),
    identifiedBy: "key",
    receiptId: number.toString(16).padStart(32, "0"),
    receivedAt: RECEIVED_AT,
    lapsesAt: null,
    clientId: "client",
    metric: "metric",
    amount: "1",
    timestamp: "2026-02-28T23:50:00.000Z",
    idempotencyKey: `key ${identity.slice(0, 16)}`,
    rawJson: "{}",
    ...given,
  };
}

export function recordsOf(count: number, given: Partial<EventRecord> = {}): EventRecord[] {
  return Array.from({ length: count }, () => recordOf(given));
}

/** The same event, sent again. */
export function again(record: EventRecord, given: Partial<EventRecord> = {}): EventRecord {
  const { receiptId } = recordOf();
  return { ...record, receiptId, ...given };
}

/** The record's event, parked after a failed insert. */
export function failureOf(record: EventRecord, given: Partial<ParkedEvent> = {}): ParkedEvent {
  const { receiptId: _, lapsesAt: __, unit = null, dimensions = null, ...event } = record;
  return {
    ...event,
    unit,
    dimensions,
    status: "failed",
    id: sha256Hex(`failed ${record.identity}`),
    vouchedClientId: null,
    givenKey: { key: null },
    issues: [],
    error: { code: "EVT_STORE_UNAVAILABLE", message: "the connection was lost" },
    conflictsWith: null,
    attempts: 1,
    lastAttemptAt: record.receivedAt,
    resolvedAt: null,
    ...given,
  };
}

/** Returns `inserted` or `taken` for each record. */
export async function insert(store: Store, records: readonly EventRecord[]): Promise<string[]> {
  const outcomes = await store.insert(records, patient());
  return outcomes.map(({ outcome }) => outcome);
}

/** Returns the number of the tenant's counted events. */
export async function counted(store: Store, tenantId = TENANT): Promise<number> {
  const query = { tenantId, byClientId: false, byMetric: false, limit: 2 };
  const [total] = await store.aggregate(query, patient());
  return total?.count ?? 0;
}
