import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { calendarReading } from "./ambiguous-date.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { outOfRange } from "./timestamp-problem.js";

/**
 * The size of a Unix time tells its unit. Seconds are read up to 5138-11-16T09:46:39Z, milliseconds from
 * 1973-03-03T09:46:40Z to 5138-11-16T09:46:39Z, and microseconds from 1973-03-03T09:46:40Z on. The same distances hold
 * before 1970.
 */
const FIRST_MILLISECONDS = 1e11;
const FIRST_MICROSECONDS = 1e14;

const UNIX_TEXT = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads Unix time in seconds, milliseconds or microseconds. Digits beyond a microsecond are cut, so `-0.0000019` is one
 * microsecond before 1970, not two.
 *
 * @returns the canonical timestamp, or the problem. `null` if the string has another form, or if its digits also read as a
 * date (see {@link calendarReading})
 */
export function readUnixText(text: string): string | Problem | null {
  const match = UNIX_TEXT.exec(text);
  if (match === null || calendarReading(text) !== null) return null;
  const [, sign, whole = "", fraction = ""] = match;
  const decimals = decimalsToMicros(Number(whole));
  const micros = whole + fraction.slice(0, decimals).padEnd(decimals, "0");
  return fromMicros(text, sign === "-", Number(micros.slice(0, -3)), Number(micros.slice(-3)));
}

/** Reads Unix time from a JSON number. A number with more digits than a double holds is refused: its last digits are not the sender's. */
export function readUnixNumber(value: number): string | Problem | null {
  const size = Math.abs(value);
  // ten digits are seconds, thirteen are milliseconds, and no date has as many
  if (Number.isInteger(value) && size >= 1e9 && size < 1e10) return canonicalTimestamp(value * 1000);
  if (Number.isInteger(value) && size >= 1e12 && size < 1e13) return canonicalTimestamp(value);
  if (size > Number.MAX_SAFE_INTEGER) return unsafe(value);
  // smaller numbers print with an exponent, and are less than a microsecond
  return readUnixText(size < 1e-6 ? "0" : String(value));
}

/** Returns how many decimal places the unit of this size is away from microseconds. */
function decimalsToMicros(size: number): number {
  if (size < FIRST_MILLISECONDS) return 6;
  return size < FIRST_MICROSECONDS ? 3 : 0;
}

function fromMicros(text: string, negative: boolean, ms: number, micros: number): string | Problem {
  const epochMs = negative ? -ms - (micros > 0 ? 1 : 0) : ms;
  if (!isTimestampMs(epochMs)) return outOfRange(text);
  return canonicalTimestamp(epochMs, negative && micros > 0 ? 1000 - micros : micros);
}

function unsafe(value: number): Problem {
  if (!isTimestampMs(value / 1000)) return outOfRange(value);
  return {
    code: "timestamp_not_recognized",
    message: `timestamp ${quoted(value)} has more digits than a JSON number keeps; send it as a string`,
  };
}
