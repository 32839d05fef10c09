import {
  type Dimensions,
  type EventRecord,
  type GivenKey,
  type ParkedEvent,
  type StoredEvent,
  storedEvent,
} from "@evt/core/store";

/** Returns the stored event of a record. It is frozen, because callers get the stored object and must not change it. */
export function frozenEvent(record: EventRecord): StoredEvent {
  const { dimensions, ...event } = storedEvent(record);
  return Object.freeze({ ...event, dimensions: frozenDimensions(dimensions) });
}

function frozenDimensions(dimensions: Dimensions | null): Dimensions | null {
  return dimensions === null ? null : Object.freeze({ ...dimensions });
}

/** Returns a copy of a parked event with changes. The copy is frozen, with its issues, error and given key. */
export function frozenParkedEvent(event: ParkedEvent, changes: Partial<ParkedEvent>): ParkedEvent {
  const { issues, error, givenKey, dimensions, ...rest } = { ...event, ...changes };
  return Object.freeze({
    ...rest,
    dimensions: frozenDimensions(dimensions),
    issues: Object.freeze(issues.map((issue) => Object.freeze({ ...issue }))),
    error: error === null ? null : Object.freeze({ ...error }),
    givenKey: frozenKey(givenKey),
  });
}

function frozenKey(givenKey: GivenKey | null): GivenKey | null {
  if (givenKey === null) return null;
  if (!("numbered" in givenKey)) return Object.freeze({ ...givenKey });
  return Object.freeze({ ...givenKey, numbered: Object.freeze({ ...givenKey.numbered }) });
}
