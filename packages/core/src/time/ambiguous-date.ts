import { daysInMonth } from "./civil-date.js";
import { digitsAt } from "./digits.js";

/** Why a string has more than one reading, with the luxon pattern of a likely one. */
export interface Ambiguity {
  readonly why: string;
  readonly pattern: string;
}

/** Day or month first, or a two-digit year: `01/02/2024`, `1.2.24 10:30`. */
const SHORT_DATE = /^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4}|\d{2})(?:(\D.*))?$/s;
const CLOCK = /^( |T|, )\d{1,2}:\d{2}(:\d{2})?$/;

/** Returns why `text` is ambiguous, or `null`. */
export function ambiguityOf(text: string): Ambiguity | null {
  const pattern = calendarReading(text);
  if (pattern !== null) return { why: "its digits read as a date and as Unix time", pattern };
  const match = SHORT_DATE.exec(text);
  if (match === null) return null;
  const [, first = "", separator = "", second = "", other, year = "", rest = ""] = match;
  if (other !== separator) return null;
  const why =
    year.length === 2
      ? "its year has two digits"
      : "it does not say whether the day or the month comes first";
  const date = [
    first.length === 1 ? "d" : "dd",
    second.length === 1 ? "M" : "MM",
    year.length === 2 ? "yy" : "yyyy",
  ];
  return { why, pattern: date.join(separator) + clockPattern(rest) };
}

function clockPattern(rest: string): string {
  const match = CLOCK.exec(rest);
  if (match === null) return "";
  const [, before = "", seconds] = match;
  return `${before === "T" ? "'T'" : before}HH:mm${seconds === undefined ? "" : ":ss"}`;
}

const PATTERN_BY_LENGTH = new Map([
  [4, "yyyy"],
  [6, "yyyyMM"],
  [8, "yyyyMMdd"],
  [12, "yyyyMMddHHmm"],
  [14, "yyyyMMddHHmmss"],
  [17, "yyyyMMddHHmmssSSS"],
]);

/**
 * Returns the luxon pattern by which unsigned digits read as a date from 1900 to 2100, or `null`. As Unix time, such digits
 * would be in January to August of 1970 or 1976, or after the year 2570, where events are unlikely. Ten digits (a date with
 * an hour) are not included, because current Unix seconds have ten digits. A sign means Unix time.
 */
export function calendarReading(text: string): string | null {
  const end = text.indexOf(".");
  const length = end < 0 ? text.length : end;
  const pattern = PATTERN_BY_LENGTH.get(length);
  if (pattern === undefined || !isCalendar(text, length) || !/^\d+(?:\.\d+)?$/.test(text)) return null;
  return pattern;
}

function isCalendar(text: string, length: number): boolean {
  const year = digitsAt(text, 0, 4);
  const month = length > 4 ? digitsAt(text, 4, 2) : 1;
  const day = length > 6 ? digitsAt(text, 6, 2) : 1;
  const hour = length > 8 ? digitsAt(text, 8, 2) : 0;
  const minute = length > 8 ? digitsAt(text, 10, 2) : 0;
  const second = length > 12 ? digitsAt(text, 12, 2) : 0;
  if (year < 1900 || year > 2100 || month < 1 || month > 12) return false;
  return day >= 1 && day <= daysInMonth(year, month) && hour <= 23 && minute <= 59 && second <= 59;
}
