import type { Problem } from "../problem.js";
import { type LocalTimeRules, offsetMsOf, resolveCivilTime, type TimeOfDay } from "./civil-time.js";
import { digitsAt, endOfDigits, microsAt } from "./digits.js";
import { outOfRange } from "./timestamp-problem.js";

/**
 * `2024-01-15`, `2024/01/15 10:30`, `2024-01-15T10:30:00.123456+01:00`. All parts up to the seconds have a fixed
 * position.
 */
const EXTENDED =
  /^\d{4}(?:-\d{2}-|\/\d{2}\/)\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:[Zz]|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?)?$/;
/** `20240115T103000Z`. The `T` is required, because the same digits without it could be Unix time. */
const BASIC = /^(\d{4})(\d{2})(\d{2})[Tt](\d{2})(\d{2})(\d{2}(?:[.,]\d+)?)?([Zz]|[+-][\d:]+)?$/;
/** Negative years, and years after 9999, as `Date.prototype.toISOString` and other functions write them. */
const OTHER_YEARS = /^(?:-\d{4,}|\+?0*[1-9]\d{4,})-\d{2}-\d{2}/;

const COLON = 58;
const POINT = 46;
const COMMA = 44;
const MINUS = 45;

/**
 * Reads calendar dates and times of ISO 8601 and RFC 3339. The date is `YYYY-MM-DD` or `YYYY/MM/DD`. After `T`, `t` or a
 * space, the time `HH:mm[:ss[.fff]]` may follow, with `.` or `,` and any number of decimals. An offset may follow the
 * time: `Z`, `±HH`, `±HHmm` or `±HH:mm`. Seconds may follow the minutes of an offset, as in local mean times. The basic
 * form `YYYYMMDDTHHmm[ss]` is read, too. Week dates, ordinal dates and decimal minutes are not read.
 *
 * @returns the exact timestamp, or the problem. `null` if the string has another form
 */
export function readIso8601(text: string, rules: LocalTimeRules): string | Problem | null {
  const extended = EXTENDED.test(text) ? text : extendedForm(text);
  if (extended === null) return OTHER_YEARS.test(text) ? outOfRange(text) : null;
  const civil = {
    year: digitsAt(extended, 0, 4),
    month: digitsAt(extended, 5, 2),
    day: digitsAt(extended, 8, 2),
    time: extended.length === 10 ? null : timeOf(extended),
  };
  return resolveCivilTime(text, civil, rules);
}

/** Converts the basic form to the extended form. `null` if the string does not have the basic form. */
function extendedForm(text: string): string | null {
  const match = BASIC.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, offset = ""] = match;
  const extended = `${year}-${month}-${day}T${hour}:${minute}${second === undefined ? "" : `:${second}`}${offset}`;
  return EXTENDED.test(extended) ? extended : null;
}

function timeOf(text: string): TimeOfDay {
  const hasSecond = text.charCodeAt(16) === COLON;
  const hasDecimals = hasSecond && (text.charCodeAt(19) === POINT || text.charCodeAt(19) === COMMA);
  const end = hasDecimals ? endOfDigits(text, 20) : hasSecond ? 19 : 16;
  return {
    hour: digitsAt(text, 11, 2),
    minute: digitsAt(text, 14, 2),
    second: hasSecond ? digitsAt(text, 17, 2) : 0,
    micros: hasDecimals ? microsAt(text, 20, end) : 0,
    beyond: end > 26 ? text.slice(26, end) : "",
    offsetMs: end === text.length ? null : offsetAt(text, end),
  };
}

/** Reads the offset that begins at `at`: `Z`, or hours with optional minutes and seconds. */
function offsetAt(text: string, at: number): number {
  const minuteAt = at + (text.charCodeAt(at + 3) === COLON ? 4 : 3);
  const secondAt = minuteAt + (text.charCodeAt(minuteAt + 2) === COLON ? 3 : 2);
  const sign = text.charCodeAt(at) === MINUS ? -1 : 1;
  return offsetMsOf(sign, fieldAt(text, at + 1), fieldAt(text, minuteAt), fieldAt(text, secondAt));
}

/** Returns the two-digit number at `at`, or 0 if there is none. */
function fieldAt(text: string, at: number): number {
  return Math.max(digitsAt(text, at, 2), 0);
}
