import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { daysInMonth } from "./civil-date.js";
import { clockPattern } from "./clock-pattern.js";
import { digitsAt } from "./digits.js";
import { impossible } from "./timestamp-problem.js";

/** Three numbers, of which the last has two or four digits: `01/02/2024`, `1.2.24 10:30`. */
const SHORT_DATE = /^(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4}|\d{2})(?:(\D.*))?$/s;

/** The luxon tokens of the three numbers of a date. */
type Order = readonly ["d", "M", "y"] | readonly ["M", "d", "y"] | readonly ["y", "M", "d"];

/** The common orders. The message suggests the first order in which the numbers are a valid date. */
const ORDERS: readonly Order[] = [
  ["d", "M", "y"],
  ["M", "d", "y"],
  ["y", "M", "d"],
];

/** A date that evt reads only if the mapping has a format for it. */
interface Unsettled {
  readonly code: "timestamp_ambiguous" | "timestamp_not_recognized";
  readonly why: string;
  /** The luxon pattern of the likely reading. `null` if luxon has no pattern that reads the string. */
  readonly pattern: string | null;
  readonly year: number;
}

/**
 * Returns the problem of a date in digits that evt does not read, such as `01/02/2024` or `20240102`. Usually the message
 * suggests a pattern. Returns `null` if the string is not such a date.
 *
 * @param further - returns the other options that a mapping needs for an event of this year
 */
export function unsettledDate(text: string, further: (year: number) => readonly string[]): Problem | null {
  const unsettled = calendarDigits(text) ?? shortDate(text);
  if (unsettled === null || "message" in unsettled) return unsettled;
  const { code, why, pattern, year } = unsettled;
  if (pattern === null)
    return { code, message: `timestamp ${quoted(text)} ${why}; send it as 2024-01-15T10:30:00Z` };
  const options = [`timestampFormats: [luxonFormat("${pattern}")]`, ...further(year)].join(", ");
  const message = `timestamp ${quoted(text)} ${why}; send it as 2024-01-15T10:30:00Z, or name the format in the mapping: ${options} from @evt/core/luxon`;
  return { code, message };
}

function calendarDigits(text: string): Unsettled | null {
  const pattern = calendarReading(text);
  if (pattern === null) return null;
  const decimals = text.slice(pattern.length);
  const isRead = decimals === "" || (pattern.endsWith("ss") && decimals.length <= 10);
  return {
    code: "timestamp_ambiguous",
    why: "is ambiguous: its digits can be a date or a number",
    pattern: isRead ? `${pattern}${decimals === "" ? "" : ".u"}` : null,
    year: digitsAt(text, 0, 4),
  };
}

function shortDate(text: string): Unsettled | Problem | null {
  const match = SHORT_DATE.exec(text);
  if (match === null || match[2] !== match[4]) return null;
  const [, first = "", separator = "", second = "", , third = "", rest = ""] = match;
  const parts = [first, second, third];
  const orders = ORDERS.filter((order) => isDate(order, parts));
  const [order] = orders;
  const clock = clockPattern(rest);
  if (order === undefined) return impossible(text, "no order of its numbers is a date");
  if (clock === "impossible") return impossible(text, "no clock shows its time of day");
  const date = order.map((token, i) => tokensFor(token, parts[i] as string)).join(separator);
  const isShort = third.length === 2;
  return {
    code: isShort || orders.length > 1 ? "timestamp_ambiguous" : "timestamp_not_recognized",
    why: why(isShort, orders),
    pattern: clock === null ? null : date + clock,
    year: yearOf(parts[order.indexOf("y")] as string),
  };
}

function why(isShort: boolean, orders: readonly Order[]): string {
  if (isShort) return "is ambiguous: its year has two digits";
  if (orders.length > 1) return "is ambiguous: it does not say whether the day or the month comes first";
  const first = orders[0]?.[0] === "d" ? "day" : "month";
  return `has its ${first} first, but other dates of the sender may not show this order`;
}

function tokensFor(token: "d" | "M" | "y", part: string): string {
  if (token === "y") return part.length === 4 ? "yyyy" : "yy";
  return part.length === 1 ? token : token + token;
}

function isDate(order: Order, parts: readonly string[]): boolean {
  const [year = "", month = "", day = ""] = ["y", "M", "d"].map(
    (token) => parts[order.indexOf(token as "y")],
  );
  // a year has two digits or four, and only the last part may have four
  if (year.length === 1 || day.length > 2 || month.length > 2) return false;
  return isCivil(yearOf(year), Number(month), Number(day));
}

/** Returns the year that the digits mean. Two digits mean a year from 1961 to 2060, as in luxon. */
function yearOf(text: string): number {
  const year = Number(text);
  if (text.length > 2) return year;
  return year > 60 ? 1900 + year : 2000 + year;
}

function isCivil(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

const PATTERN_BY_LENGTH = new Map([
  [4, "yyyy"],
  [6, "yyyyMM"],
  [8, "yyyyMMdd"],
  [10, "yyyyMMddHH"],
  [12, "yyyyMMddHHmm"],
  [14, "yyyyMMddHHmmss"],
  [17, "yyyyMMddHHmmssSSS"],
]);

/**
 * Returns the luxon pattern by which digits without a sign are a date from 1900 to 2100, or `null`. With ten digits, the
 * date must be from 2000 to 2100. Some Unix times from 2033 to 2036 also match.
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
  const minute = length > 10 ? digitsAt(text, 10, 2) : 0;
  const second = length > 12 ? digitsAt(text, 12, 2) : 0;
  // Unix seconds before 2033 also have ten digits, and begin with a number below 2000
  if (year < (length === 10 ? 2000 : 1900) || year > 2100 || month < 1 || month > 12) return false;
  return day >= 1 && day <= daysInMonth(year, month) && hour <= 23 && minute <= 59 && second <= 59;
}
