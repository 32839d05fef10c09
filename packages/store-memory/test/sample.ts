import { type EventRecord, type ParkedEvent, sha256Hex } from "@evt/core/store";

export const call = { signal: new AbortController().signal };

export function record(name: string, given: Partial<EventRecord> = {}): EventRecord {
  const identity = sha256Hex(name);
  return {
    tenantId: "acme",
    identity,
    id: identity,
    fingerprint: identity,
    identifiedBy: "content",
    receiptId: identity.slice(32),
    receivedAt: "2026-03-01T12:00:00.000Z",
    lapsesAt: null,
    clientId: "client",
    metric: "metric",
    amount: "1",
    timestamp: "2026-03-01T11:00:00.000Z",
    idempotencyKey: null,
    rawJson: "{}",
    ...given,
  };
}

export function parked(name: string, given: Partial<ParkedEvent> = {}): ParkedEvent {
  return {
    status: "rejected",
    tenantId: "acme",
    id: sha256Hex(name),
    clientId: null,
    metric: null,
    amount: null,
    unit: null,
    dimensions: null,
    timestamp: null,
    idempotencyKey: null,
    receivedAt: "2026-03-01T12:00:00.000Z",
    rawJson: "{}",
    vouchedClientId: null,
    givenKey: { key: null },
    identity: null,
    fingerprint: null,
    identifiedBy: null,
    issues: [{ code: "amount_missing", path: "", message: "no amount" }],
    error: { code: "EVT_STORE_UNAVAILABLE", message: "lost" },
    conflictsWith: null,
    attempts: 1,
    lastAttemptAt: "2026-03-01T12:00:00.000Z",
    resolvedAt: null,
    ...given,
  };
}
