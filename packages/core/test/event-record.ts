import { sha256Hex } from "../src/identity/sha256.js";
import type { EventRecord } from "../src/store.js";

let drawn = 0;

/** A record for tests to which its content does not matter. Each metric has its own identity. */
export function eventRecord(given: Partial<EventRecord> = {}): EventRecord {
  const { tenantId = "t", clientId = "c", metric = "m", amount = "1" } = given;
  const identity = sha256Hex(JSON.stringify([clientId, metric, amount]));
  return {
    tenantId,
    identity,
    id: identity,
    fingerprint: identity,
    identifiedBy: "content",
    receiptId: (++drawn).toString(16).padStart(32, "0"),
    receivedAt: "2026-03-01T12:00:00.000Z",
    lapsesAt: null,
    clientId,
    metric,
    amount,
    timestamp: "2024-01-01T00:00:00.000Z",
    idempotencyKey: null,
    rawJson: null,
    ...given,
  };
}
