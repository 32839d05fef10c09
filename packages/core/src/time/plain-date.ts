import type { Problem } from "../problem.js";
import { type CivilDate, daysFromCivil, weekdayOf } from "./civil-date.js";
import { type LocalTimeRules, resolveCivilTime } from "./civil-time.js";
import { clockAtBegin } from "./clock-text.js";
import { impossible } from "./timestamp-problem.js";
import { readZoneSuffix, type ZoneNames } from "./zone-suffix.js";

/** How dates in words and figures are read. */
export interface PlainDateRules extends LocalTimeRules {
  readonly zoneNames: ZoneNames;
}

const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
/** Names are written in full or with three letters, and these with more. */
const LONGER = new Set(["sept", "tues", "thur", "thurs"]);

const WEEKDAY = "(?:([a-z]{3,9})(?:, ?| ))?";
const MONTH = "([a-z]{3,9})\\.?";
const DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
/** The time of day, with what follows it. */
const TIME = "(\\d{1,2}:[^]*)";
const THEN = "(?:, | at | |:)";

/** `2024-1-5`, `2024/1/5 9:05`, `2024-01-15 10:30:00 UTC`. */
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})([-/.])(\\d{1,2})(?:(?:T|, | )${TIME})?$`, "i");
/** `15 Jan 2024`, `Mon, 15 Jan 2024 10:30:00 +0100`, `15/Jan/2024:10:30:00 +0100`. */
const DAY_FIRST = new RegExp(`^${WEEKDAY}${DAY}[ /-]${MONTH}(?:, |[ /-])(\\d{4})(?:${THEN}${TIME})?$`, "i");
/** `January 15, 2024 at 10:30 AM`, `Mon Jan 15 2024 10:30:00 GMT+0100 (Central European Standard Time)`. */
const MONTH_FIRST = new RegExp(`^${WEEKDAY}${MONTH} ${DAY}(?:, | )(\\d{4})(?:${THEN}${TIME})?$`, "i");
/** `Mon Jan 15 10:30:00 2024`, `Mon Jan 15 10:30:00 +0000 2024`. The year is cut off. */
const YEAR_LAST = new RegExp(`^${WEEKDAY}${MONTH} ${DAY} ${TIME}$`, "i");

/** The parts of a date, and its time of day with what follows it. */
interface Written {
  readonly weekday: string | undefined;
  readonly year: string | undefined;
  readonly month: number;
  readonly day: string | undefined;
  readonly time: string | undefined;
}

/**
 * Reads dates whose order is plain: the year first (`2024-1-5 9:05`), or the month by its English name (`15 Jan 2024`,
 * `Jan 15, 2024 10:30 AM`), also in the forms of RFC 2822, of HTTP, of Go's `Time` and of JavaScript's `Date`. Years have
 * four digits. A weekday must be that of the date. A time may be followed by an offset or a zone ({@link readZoneSuffix}).
 *
 * @returns the exact timestamp, or the problem. `null` if the string has another form
 */
export function readPlainDate(text: string, rules: PlainDateRules): string | Problem | null {
  const spaced = text.replace(/\s+/g, " ").replace(/ , ?/g, ", ");
  const written = yearFirst(spaced) ?? dayFirst(spaced) ?? monthFirst(spaced) ?? yearLast(spaced);
  return written === null ? null : resolved(text, written, rules);
}

function yearFirst(text: string): Written | null {
  const match = YEAR_FIRST.exec(text);
  if (match === null || match[2] !== match[4]) return null;
  const [, year, , month, , day, time] = match;
  return { weekday: undefined, year, month: Number(month), day, time };
}

function dayFirst(text: string): Written | null {
  const match = DAY_FIRST.exec(text);
  if (match === null) return null;
  const [, weekday, day, month, year, time] = match;
  return named({ weekday, day, month, year, time });
}

function monthFirst(text: string): Written | null {
  const match = MONTH_FIRST.exec(text);
  if (match === null) return null;
  const [, weekday, month, day, year, time] = match;
  return named({ weekday, day, month, year, time });
}

function yearLast(text: string): Written | null {
  const match = / \d{4}$/.test(text) ? YEAR_LAST.exec(text.slice(0, -5)) : null;
  if (match === null) return null;
  const [, weekday, month, day, time] = match;
  return named({ weekday, day, month, year: text.slice(-4), time });
}

/** Returns `null` if a name is not that of a weekday or of a month. */
function named(parts: { readonly [P in keyof Written]: string | undefined }): Written | null {
  const month = placeOf(parts.month, MONTHS) + 1;
  if (month === 0 || (parts.weekday !== undefined && placeOf(parts.weekday, WEEKDAYS) < 0)) return null;
  return { ...parts, month };
}

function placeOf(name = "", names: readonly string[]): number {
  const lower = name.toLowerCase();
  return names.findIndex((each) => {
    const full = each.toLowerCase();
    return lower === full || (full.startsWith(lower) && (lower.length === 3 || LONGER.has(lower)));
  });
}

function resolved(text: string, written: Written, rules: PlainDateRules): string | Problem | null {
  const { weekday, year, month, day, time } = written;
  const civil = { year: Number(year), month, day: Number(day) };
  const result =
    time === undefined
      ? resolveCivilTime(text, { ...civil, time: null }, rules)
      : timed(text, civil, time, rules);
  if (typeof result !== "string" || weekday === undefined) return result;
  return contradiction(text, civil, weekday) ?? result;
}

function timed(text: string, date: CivilDate, time: string, rules: PlainDateRules): string | Problem | null {
  const found = clockAtBegin(time);
  const zone = found === null ? undefined : readZoneSuffix(text, found.rest, rules.zoneNames);
  if (found === null || zone === undefined) return null;
  if (zone !== null && "code" in zone) return zone;
  const local = zone !== null && "timeZone" in zone ? { ...rules, timeZone: zone.timeZone } : rules;
  const offsetMs = zone !== null && "offsetMs" in zone ? zone.offsetMs : null;
  return resolveCivilTime(text, { ...date, time: { ...found.clock, offsetMs } }, local);
}

function contradiction(text: string, { year, month, day }: CivilDate, weekday: string): Problem | null {
  const actual = weekdayOf(daysFromCivil(year, month, day));
  return placeOf(weekday, WEEKDAYS) === actual ? null : impossible(text, `that day is a ${WEEKDAYS[actual]}`);
}
