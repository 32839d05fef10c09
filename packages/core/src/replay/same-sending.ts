import type { ParkedEvent } from "../event.js";

/**
 * Returns a string that is equal for parked events with the same raw event, key and vouched client. `null` if the raw
 * event or the key is not stored.
 */
export function sendingOf({ rawJson, givenKey, vouchedClientId }: ParkedEvent): string | null {
  if (rawJson === null || givenKey === null) return null;
  if ("batchKey" in givenKey) return JSON.stringify([vouchedClientId, givenKey.batchKey, null, rawJson]);
  const { key, numbered } = givenKey;
  const given = numbered === undefined ? [null, key] : [numbered.batchKey ?? null, null];
  return JSON.stringify([vouchedClientId, ...given, rawJson]);
}

/** Returns the position among the events with the same raw event in a call. `undefined` if it is not known. */
function positionOf({ givenKey, identity }: ParkedEvent): number | undefined {
  return identity === null ? (givenKey?.ordinal ?? 0) : undefined;
}

/**
 * Returns whether a client sent the same event twice, and evt parked it twice, for different reasons. Equal raw events of
 * one call differ by their position. If one of the positions is not known, the events count as the same.
 */
export function isSameSending(one: ParkedEvent, other: ParkedEvent): boolean {
  const sending = sendingOf(one);
  if (sending === null || sending !== sendingOf(other)) return false;
  const [a, b] = [positionOf(one), positionOf(other)];
  return a === undefined || b === undefined || a === b;
}

/** Returns a string that is equal for parked events that are the same event, or `null` if that is not known. */
export function sendingWithPosition(parked: ParkedEvent): string | null {
  const sending = sendingOf(parked);
  const position = positionOf(parked);
  return sending === null || position === undefined ? null : `${position} ${sending}`;
}
