import { civilFromDays, DAY_MS, daysFromCivil, HOUR_MS, MINUTE_MS, SECOND_MS } from "./civil-date.js";
import { digitsAt, padded } from "./digits.js";

/** 0001-01-01T00:00:00.000Z */
export const FIRST_TIMESTAMP_MS = -62_135_596_800_000;
/** 9999-12-31T23:59:59.999Z */
export const LAST_TIMESTAMP_MS = 253_402_300_799_999;

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const POINT = 46;
const T = 84;
const Z = 90;

/** Returns whether an instant is in the years 0001 to 9999 (UTC), the range of canonical timestamps. */
export function isTimestampMs(epochMs: number): boolean {
  return epochMs >= FIRST_TIMESTAMP_MS && epochMs <= LAST_TIMESTAMP_MS;
}

/**
 * Returns the canonical timestamp of an instant: UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`, or with six decimals for microseconds.
 * @param epochMs - whole milliseconds since 1970-01-01T00:00:00Z, in the years 0001 to 9999
 * @param micros - whole microseconds after that, 0 to 999
 * @throws RangeError if a value is outside its range
 */
export function canonicalTimestamp(epochMs: number, micros = 0): string {
  if (!Number.isInteger(epochMs) || !isTimestampMs(epochMs)) {
    throw new RangeError(`${epochMs} is not a whole number of milliseconds in the years 0001 to 9999`);
  }
  const text = millisecondText(epochMs);
  if (micros === 0) return text;
  if (!Number.isInteger(micros) || micros < 0 || micros > 999) {
    throw new RangeError(`${micros} is not a whole number of microseconds from 0 to 999`);
  }
  return `${text.slice(0, -1)}${padded(micros, 3)}Z`;
}

/** One `fromCharCode` call is five times as fast as `new Date(epochMs).toISOString()`. */
function millisecondText(epochMs: number): string {
  const days = Math.floor(epochMs / DAY_MS);
  const { year, month, day } = civilFromDays(days);
  const time = epochMs - days * DAY_MS;
  const hour = Math.floor(time / HOUR_MS);
  const minute = Math.floor(time / MINUTE_MS) % 60;
  const second = Math.floor(time / SECOND_MS) % 60;
  const ms = time % SECOND_MS;
  // biome-ignore format: as it is read
  return String.fromCharCode(
    digit(year, 1000), digit(year, 100), digit(year, 10), digit(year, 1), DASH,
    digit(month, 10), digit(month, 1), DASH, digit(day, 10), digit(day, 1), T,
    digit(hour, 10), digit(hour, 1), COLON, digit(minute, 10), digit(minute, 1), COLON,
    digit(second, 10), digit(second, 1), POINT, digit(ms, 100), digit(ms, 10), digit(ms, 1), Z,
  );
}

function digit(value: number, place: number): number {
  return ZERO + (Math.floor(value / place) % 10);
}

/** Returns a canonical timestamp with six decimals. Strings with six decimals sort by time. */
export function sixDecimals(canonical: string): string {
  return canonical.length > 24 ? canonical : `${canonical.slice(0, -1)}000Z`;
}

/**
 * Returns the whole milliseconds since 1970-01-01T00:00:00Z of a canonical timestamp. Microseconds are rounded toward the
 * past.
 */
export function timestampMs(canonical: string): number {
  const days = daysFromCivil(digitsAt(canonical, 0, 4), digitsAt(canonical, 5, 2), digitsAt(canonical, 8, 2));
  return (
    days * DAY_MS +
    digitsAt(canonical, 11, 2) * HOUR_MS +
    digitsAt(canonical, 14, 2) * MINUTE_MS +
    digitsAt(canonical, 17, 2) * SECOND_MS +
    digitsAt(canonical, 20, 3)
  );
}
