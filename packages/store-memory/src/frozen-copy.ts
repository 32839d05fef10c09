import { type EventRecord, type ParkedEvent, type StoredEvent, storedEvent } from "@evt/core/store";

/** Returns the stored event of a record. It is frozen, because callers get the stored object and must not change it. */
export function frozenEvent(record: EventRecord): StoredEvent {
  return Object.freeze(storedEvent(record));
}

/** Returns a copy of a parked event with changes. The copy is frozen, with its issues, error and given key. */
export function frozenParkedEvent(event: ParkedEvent, changes: Partial<ParkedEvent>): ParkedEvent {
  const { issues, error, givenKey, ...rest } = { ...event, ...changes };
  return Object.freeze({
    ...rest,
    issues: Object.freeze(issues.map((issue) => Object.freeze({ ...issue }))),
    error: error === null ? null : Object.freeze({ ...error }),
    givenKey: givenKey === null ? null : Object.freeze({ ...givenKey }),
  });
}
