import type { EventRecord, ParkedEvent, StoredEvent } from "@evt/core";

/** Returns the event of a record, frozen: callers get the stored object itself and must not change it. */
export function storedEvent(record: EventRecord): StoredEvent {
  return Object.freeze({
    status: "processed",
    tenantId: record.tenantId,
    id: record.id,
    clientId: record.clientId,
    metric: record.metric,
    amount: record.amount,
    timestamp: record.timestamp,
    idempotencyKey: record.idempotencyKey,
    receivedAt: record.receivedAt,
    rawJson: record.rawJson,
    identity: record.identity,
    fingerprint: record.fingerprint,
    identifiedBy: record.identifiedBy,
  });
}

/** Returns a copy of a parked event with changes. All its parts are frozen. */
export function parkedEvent(event: ParkedEvent, changes: Partial<ParkedEvent>): ParkedEvent {
  const { issues, error, givenKey, ...rest } = { ...event, ...changes };
  return Object.freeze({
    ...rest,
    issues: Object.freeze(issues.map((issue) => Object.freeze({ ...issue }))),
    error: error === null ? null : Object.freeze({ ...error }),
    givenKey: givenKey === null ? null : Object.freeze({ ...givenKey }),
  });
}
