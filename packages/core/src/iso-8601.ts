import { microsOf, resolveCivilTime, type TimeOfDay, UTC_OFFSET, type WrittenOffset } from "./civil-time.js";
import type { Problem } from "./problem.js";
import { outOfRange } from "./timestamp-problem.js";

const OFFSET = "([Zz]|[+-]\\d{2}(?::?\\d{2}(?::?\\d{2})?)?)";
/** `2024-01-15`, `2024/01/15 10:30`, `2024-01-15T10:30:00.123456+01:00` */
const EXTENDED = new RegExp(
  `^(\\d{4})([-/])(\\d{2})\\2(\\d{2})(?:[Tt ](\\d{2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d+))?)?${OFFSET}?)?$`,
);
/** `20240115T103000Z`. Without the T the same digits could be Unix time. */
const BASIC = new RegExp(
  `^(\\d{4})()(\\d{2})(\\d{2})[Tt](\\d{2})(\\d{2})(?:(\\d{2})(?:[.,](\\d+))?)?${OFFSET}?$`,
);
/** Years before 0001 and after 9999, as `Date.prototype.toISOString` and others write them. */
const OTHER_YEARS = /^(?:-\d{4,}|\+?0*[1-9]\d{4,})-\d{2}-\d{2}/;

/**
 * Reads calendar dates and times of ISO 8601 and RFC 3339: `YYYY-MM-DD`, also with slashes, followed by `T`, `t` or a
 * space and `HH:mm[:ss[.fff]]` with `.` or `,` and any number of decimals, and an offset `Z`, `±HH`, `±HHmm` or
 * `±HH:mm` (with seconds, too, as times before the zones of today have them); and the basic form `YYYYMMDDTHHmm[ss]`.
 * Week dates, ordinal dates and decimal minutes are not read.
 *
 * @returns the canonical text or what is wrong with it; `null` where the text is of another form
 */
export function readIso8601(text: string, timeZone: string): string | Problem | null {
  const match = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (match === null) return OTHER_YEARS.test(text) ? outOfRange(text) : null;
  const [, year, , month, day, hour, minute, second, fraction, offset] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  return resolveCivilTime(text, { ...date, time: timeOf(hour, minute, second, fraction, offset) }, timeZone);
}

function timeOf(
  hour: string | undefined,
  minute: string | undefined,
  second = "0",
  fraction = "0",
  offset: string | undefined,
): TimeOfDay | null {
  if (hour === undefined) return null;
  return {
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    micros: microsOf(fraction),
    offset: offset === undefined ? null : offsetOf(offset),
  };
}

function offsetOf(text: string): WrittenOffset {
  if (text === "Z" || text === "z") return UTC_OFFSET;
  const digits = text.slice(1).replaceAll(":", "");
  return {
    sign: text.startsWith("-") ? -1 : 1,
    hours: Number(digits.slice(0, 2)),
    minutes: Number(digits.slice(2, 4)),
    seconds: Number(digits.slice(4, 6)),
  };
}
