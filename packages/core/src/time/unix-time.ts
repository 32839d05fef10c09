import type { Problem } from "../problem.js";
import { calendarReading } from "./ambiguous-date.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { DEFAULT_EPOCH, END_SECOND, type EpochRule, FIRST_SECOND } from "./epoch.js";
import { exactTimestamp } from "./exact-timestamp.js";
import { outOfRange, unreadable } from "./timestamp-problem.js";

const UNIX_TEXT = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/** The first number whose ten digits can also be a date with an hour (`2024011510`). */
const FIRST_LIKE_A_DATE = 2_000_000_000;

/**
 * Reads Unix time in the unit that `rule` names. If `rule` names none, uses the unit in which the number is in the range
 * of `rule`. By default, these are seconds, milliseconds, microseconds or nanoseconds from 2000 to 2100. No digit is
 * lost.
 *
 * @returns the exact timestamp, or the problem. `null` if the string has another form, if its digits can also be read as
 * a date ({@link calendarReading}), or if the number is outside the range
 */
export function readUnixText(text: string, rule: EpochRule = DEFAULT_EPOCH): string | Problem | null {
  const match = UNIX_TEXT.exec(text);
  if (match === null) return null;
  const [, sign, whole = "", fraction = ""] = match;
  for (const [, places] of rule.units) {
    const second = secondsOf(whole, places) * (sign === "-" ? -1 : 1);
    if (second < rule.fromSecond || second >= rule.endSecond) continue;
    if (calendarReading(text) !== null && !(rule.hasUnit && isCurrent(second))) return null;
    const decimals = (places === 0 ? "" : whole.padStart(places, "0").slice(-places)) + fraction;
    return fromParts(text, second, decimals, sign === "-");
  }
  return null;
}

/**
 * Reads Unix time from a JSON number. Refuses a number of 2^53 or more in absolute value, because its last
 * digits may differ from the sender's.
 */
export function readUnixNumber(value: number, rule: EpochRule = DEFAULT_EPOCH): string | Problem | null {
  if (rule.isDefault && Number.isInteger(value)) {
    if (value >= FIRST_SECOND && value < FIRST_LIKE_A_DATE) return canonicalTimestamp(value * 1000);
    if (value >= FIRST_SECOND * 1000 && value < END_SECOND * 1000) return canonicalTimestamp(value);
  }
  // JavaScript writes smaller numbers with an exponent
  const text = Math.abs(value) < 1e-6 ? "0" : integerText(value);
  const result = readUnixText(text, rule);
  return typeof result === "string" && Math.abs(value) > Number.MAX_SAFE_INTEGER ? unsafe(value) : result;
}

/** Returns an integer as plain digits. From 1e21 on, JavaScript would write an exponent. */
function integerText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** Returns the whole seconds of digits whose last `places` are decimals. */
function secondsOf(whole: string, places: number): number {
  return whole.length <= places ? 0 : Number(whole.slice(0, whole.length - places));
}

function isCurrent(second: number): boolean {
  return second >= FIRST_SECOND && second < END_SECOND;
}

function fromParts(text: string, second: number, decimals: string, negative: boolean): string | Problem {
  if (!negative || /^0*$/.test(decimals)) return fromDecimals(text, second, decimals);
  const complement = (10n ** BigInt(decimals.length) - BigInt(decimals)).toString();
  return fromDecimals(text, second - 1, complement.padStart(decimals.length, "0"));
}

function fromDecimals(text: string, second: number, decimals: string): string | Problem {
  const sixDecimals = decimals.slice(0, 6).padEnd(6, "0");
  const epochMs = second * 1000 + Number(sixDecimals.slice(0, 3));
  if (!isTimestampMs(epochMs)) return outOfRange(text);
  return exactTimestamp(epochMs, Number(sixDecimals.slice(3)), decimals.slice(6));
}

function unsafe(value: number): Problem {
  return unreadable(value, "has more digits than a JSON number keeps; send it as a string");
}
