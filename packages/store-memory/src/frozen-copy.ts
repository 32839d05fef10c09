import type { EventRecord, ParkedEvent, StoredEvent } from "@evt/core";

/** The event of a record, frozen: callers share what they are shown, and cannot change what is stored. */
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

/** A parked event with changes, frozen to the last issue. */
export function parkedEvent(event: ParkedEvent, changes: Partial<ParkedEvent>): ParkedEvent {
  const { issues, error, givenKey, ...rest } = { ...event, ...changes };
  return Object.freeze({
    ...rest,
    issues: Object.freeze(issues.map((issue) => Object.freeze({ ...issue }))),
    error: error === null ? null : Object.freeze({ ...error }),
    givenKey: givenKey === null ? null : Object.freeze({ ...givenKey }),
  });
}
