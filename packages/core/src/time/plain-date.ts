import type { Problem } from "../problem.js";
import { type CivilDate, daysFromCivil, weekdayOf } from "./civil-date.js";
import { type LocalTimeRules, resolveCivilTime } from "./civil-time.js";
import { clockAtBegin } from "./clock-text.js";
import { impossible } from "./timestamp-problem.js";
import { readZoneSuffix, type ZoneNames } from "./zone-suffix.js";

/** The rules for {@link readPlainDate}. */
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
/**
 * The position of each name in its list. Keys are the full names, their first three letters and a few other short forms,
 * in lower case.
 */
const WEEKDAY_PLACES = placesOf(WEEKDAYS).set("tues", 1).set("thur", 3).set("thurs", 3);
const MONTH_PLACES = placesOf(MONTHS).set("sept", 8);

const WEEKDAY = "(?:([a-z]{3,9})(?:, ?| ))?";
const MONTH = "([a-z]{3,9})\\.?";
const DAY = "(\\d{1,2})(?:st|nd|rd|th)?";
/** A time of day, and the rest of the string. */
const TIME = "(\\d{1,2}:[^]*)";
const THEN = "(?:, | at | |:)";

/** `2024-1-5`, `2024/1/5 9:05`, `2024-01-15 10:30:00 UTC`. */
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})([-/.])(\\d{1,2})(?:(?:T|, | )${TIME})?$`, "i");
/** `15 Jan 2024`, `Mon, 15 Jan 2024 10:30:00 +0100`, `15/Jan/2024:10:30:00 +0100`. */
const DAY_FIRST = new RegExp(`^${WEEKDAY}${DAY}[ /-]${MONTH}(?:, |[ /-])(\\d{4})(?:${THEN}${TIME})?$`, "i");
/** `January 15, 2024 at 10:30 AM`, `Mon Jan 15 2024 10:30:00 GMT+0100 (Central European Standard Time)`. */
const MONTH_FIRST = new RegExp(`^${WEEKDAY}${MONTH} ${DAY}(?:, | )(\\d{4})(?:${THEN}${TIME})?$`, "i");
/** `Mon Jan 15 10:30:00 2024`, `Mon Jan 15 10:30:00 +0000 2024`. The year was cut off before. */
const YEAR_LAST = new RegExp(`^${WEEKDAY}${MONTH} ${DAY} ${TIME}$`, "i");

/** White space other than single spaces, or a space before a comma. */
const UNUSUAL_SPACE = /[^\S ]| [ ,]/;

/** The parts of a date. `time` has the time of day and the rest of the string after it. */
interface Written {
  readonly weekday: string | undefined;
  readonly year: string | undefined;
  readonly month: number;
  readonly day: string | undefined;
  readonly time: string | undefined;
}

/**
 * Reads dates whose year comes first (`2024-1-5 9:05`), or whose month has its English name (`15 Jan 2024`, `Jan 15, 2024 10:30 AM`). These include common forms of RFC 2822, of HTTP, of Go's `Time` and of
 * JavaScript's `Date`. Years have four digits. A weekday must match the date. An offset or a zone may follow the time
 * ({@link readZoneSuffix}).
 *
 * @returns the exact timestamp, or the problem. `null` if the string has another form
 */
export function readPlainDate(text: string, rules: PlainDateRules): string | Problem | null {
  const spaced = UNUSUAL_SPACE.test(text) ? text.replace(/\s+/g, " ").replace(/ , ?/g, ", ") : text;
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

/** Returns `null` if a word is not the name of a weekday or month. */
function named(parts: { readonly [P in keyof Written]: string | undefined }): Written | null {
  const month = MONTH_PLACES.get((parts.month ?? "").toLowerCase());
  const { weekday } = parts;
  if (month === undefined || (weekday !== undefined && !WEEKDAY_PLACES.has(weekday.toLowerCase())))
    return null;
  const { year, day, time } = parts;
  return { weekday, year, month: month + 1, day, time };
}

function placesOf(names: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, name] of names.entries()) {
    places.set(name.toLowerCase(), place);
    places.set(name.slice(0, 3).toLowerCase(), place);
  }
  return places;
}

function resolved(text: string, written: Written, rules: PlainDateRules): string | Problem | null {
  const { weekday, time } = written;
  const year = Number(written.year);
  const day = Number(written.day);
  const { month } = written;
  const result =
    time === undefined
      ? resolveCivilTime(text, { year, month, day, time: null }, rules)
      : timed(text, { year, month, day }, time, rules);
  if (typeof result !== "string" || weekday === undefined) return result;
  return contradiction(text, daysFromCivil(year, month, day), weekday) ?? result;
}

function timed(
  text: string,
  { year, month, day }: CivilDate,
  time: string,
  rules: PlainDateRules,
): string | Problem | null {
  const found = clockAtBegin(time);
  const zone = found === null ? undefined : readZoneSuffix(text, found.rest, rules.zoneNames);
  if (found === null || zone === undefined) return null;
  if (zone !== null && "code" in zone) return zone;
  const local = zone !== null && "timeZone" in zone ? { ...rules, timeZone: zone.timeZone } : rules;
  const offsetMs = zone !== null && "offsetMs" in zone ? zone.offsetMs : null;
  // copied by name, because that is three times as fast as a spread
  const { hour, minute, second, micros, beyond } = found.clock;
  const civil = { year, month, day, time: { hour, minute, second, micros, beyond, offsetMs } };
  return resolveCivilTime(text, civil, local);
}

function contradiction(text: string, days: number, weekday: string): Problem | null {
  const actual = weekdayOf(days);
  return WEEKDAY_PLACES.get(weekday.toLowerCase()) === actual
    ? null
    : impossible(text, `that day is a ${WEEKDAYS[actual]}`);
}
