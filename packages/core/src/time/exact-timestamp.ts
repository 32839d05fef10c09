import { canonicalTimestamp } from "./canonical-timestamp.js";
import { padded } from "./digits.js";

/** The length of a canonical timestamp with microseconds. A timestamp with digits beyond the microsecond is longer. */
const MICROSECOND_LENGTH = 27;
const MILLISECOND_LENGTH = 24;
const ZERO = 48;

/**
 * Returns the exact timestamp of an instant. This is the canonical timestamp, unless the instant has digits beyond the
 * microsecond. If it has, the exact timestamp has six decimals, followed by these digits.
 *
 * @param epochMs - whole milliseconds since 1970-01-01T00:00:00Z, in the years 0001 to 9999
 * @param micros - whole microseconds after that, 0 to 999
 * @param beyond - the digits beyond the microsecond, with or without trailing zeros
 */
export function exactTimestamp(epochMs: number, micros: number, beyond: string): string {
  const digits = withoutZeros(beyond);
  const canonical = canonicalTimestamp(epochMs, micros);
  if (digits === "") return canonical;
  const sixDecimals =
    canonical.length === MILLISECOND_LENGTH
      ? `${canonical.slice(0, -1)}${padded(micros, 3)}`
      : canonical.slice(0, -1);
  return `${sixDecimals}${digits}Z`;
}

/** Returns the canonical timestamp of an exact timestamp. Drops digits beyond the microsecond. */
export function cutToMicros(exact: string): string {
  if (!isBeyondMicros(exact)) return exact;
  return exact.startsWith("000", 23) ? `${exact.slice(0, 23)}Z` : `${exact.slice(0, 26)}Z`;
}

/** Returns whether an exact timestamp has digits beyond the microsecond. */
export function isBeyondMicros(exact: string): boolean {
  return exact.length > MICROSECOND_LENGTH;
}

function withoutZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === ZERO) end--;
  return digits.slice(0, end);
}
