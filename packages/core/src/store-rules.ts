import type { StoredEvent } from "./event.js";
import type { EventRecord } from "./store.js";

/** The event that a store holds once it has taken the record. */
export function storedEvent(record: EventRecord): StoredEvent {
  const { tenantId, id, clientId, metric, amount, timestamp, idempotencyKey, receivedAt, rawJson } = record;
  const { identity, fingerprint, identifiedBy } = record;
  const envelope = { tenantId, id, clientId, metric, amount, timestamp, idempotencyKey, receivedAt, rawJson };
  return { status: "processed", ...envelope, identity, fingerprint, identifiedBy };
}
