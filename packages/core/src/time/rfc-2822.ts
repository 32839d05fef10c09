import type { Problem } from "../problem.js";
import { daysFromCivil, HOUR_MS, weekdayOf } from "./civil-date.js";
import { type CivilTime, offsetMsOf, resolveCivilTime } from "./civil-time.js";
import { impossible } from "./timestamp-problem.js";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const WEEKDAY_NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Offsets of the zone names in RFC 2822, section 4.3, in hours. One-letter names are left out: many senders use them wrongly. */
const NAMED_OFFSETS = new Map([
  ["ut", 0],
  ["utc", 0],
  ["gmt", 0],
  ["z", 0],
  ["edt", -4],
  ["est", -5],
  ["cdt", -5],
  ["cst", -6],
  ["mdt", -6],
  ["mst", -7],
  ["pdt", -7],
  ["pst", -8],
]);

/** `Mon, 15 Jan 2024 10:30:00 +0100 (CET)`: weekday, seconds, offset and comments may be missing. */
const FORM = new RegExp(
  `^(?:(${WEEKDAYS.join("|")})\\s*,\\s*)?(\\d{1,2})\\s+(${MONTHS.join("|")})\\s+(\\d{4})\\s+` +
    `(\\d{2}):(\\d{2})(?::(\\d{2}))?(?:\\s+([+-]\\d{4}|${[...NAMED_OFFSETS.keys()].join("|")}))?(?:\\s*\\([^()]*\\))*$`,
  "i",
);

/**
 * Reads the date-time of RFC 2822, section 3.3 (the `Date` of mail, and of HTTP). Years have four digits; the two-digit
 * years of section 4.3 are ambiguous. Without an offset, which the RFC requires, the time is in `timeZone`.
 *
 * @returns the canonical timestamp, or the problem. `null` if the string has another form
 */
export function readRfc2822(text: string, timeZone: string): string | Problem | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const [, weekday, day, month = "", year, hour, minute, second = "0", offset] = match;
  const civil: CivilTime = {
    year: Number(year),
    month: MONTHS.indexOf(month.toLowerCase()) + 1,
    day: Number(day),
    time: {
      hour: Number(hour),
      minute: Number(minute),
      second: Number(second),
      micros: 0,
      offsetMs: offset === undefined ? null : writtenOffsetMs(offset),
    },
  };
  const resolved = resolveCivilTime(text, civil, timeZone);
  if (typeof resolved !== "string" || weekday === undefined) return resolved;
  return contradiction(text, civil, weekday) ?? resolved;
}

function contradiction(text: string, { year, month, day }: CivilTime, weekday: string): Problem | null {
  const actual = weekdayOf(daysFromCivil(year, month, day));
  if (WEEKDAYS[actual] === weekday.toLowerCase()) return null;
  return impossible(text, `that day is a ${WEEKDAY_NAMES[actual]}`);
}

function writtenOffsetMs(text: string): number {
  const hours = NAMED_OFFSETS.get(text.toLowerCase());
  if (hours !== undefined) return hours * HOUR_MS;
  return offsetMsOf(text.startsWith("-") ? -1 : 1, Number(text.slice(1, 3)), Number(text.slice(3, 5)));
}
