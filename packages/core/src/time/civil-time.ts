import type { Problem } from "../problem.js";
import { isTimestampMs } from "./canonical-timestamp.js";
import { DAY_MS, daysFromCivil, daysInMonth, HOUR_MS, MINUTE_MS, SECOND_MS } from "./civil-date.js";
import { padded } from "./digits.js";
import { exactTimestamp } from "./exact-timestamp.js";
import { localInstant, type RepeatedLocalTime, startOfLocalDay } from "./time-zone.js";
import { impossible, nonexistent, outOfRange, repeated, zeroDate } from "./timestamp-problem.js";

/** A date and a time of day as written. Not yet checked. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** `null` if only a date was written. */
  readonly time: TimeOfDay | null;
}

export interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 to 999,999. */
  readonly micros: number;
  /** The decimals after the sixth, as written. */
  readonly beyond: string;
  /** The offset from UTC in milliseconds, `NaN` if it is not valid. `null` if no offset was written. */
  readonly offsetMs: number | null;
}

/** The rules for a time without an offset. */
export interface LocalTimeRules {
  readonly timeZone: string;
  readonly repeatedLocalTime: RepeatedLocalTime;
}

/**
 * Returns the exact timestamp of a date and time, or the problem. A date or time without an offset is in
 * `rules.timeZone`.
 */
export function resolveCivilTime(text: string, civil: CivilTime, rules: LocalTimeRules): string | Problem {
  const { year, month, day, time } = civil;
  if (year === 0) return month === 0 && day === 0 ? zeroDate(text) : outOfRange(text);
  if (time?.second === 60) return leapSecond(text);
  const why = whyImpossible(civil);
  if (why !== null) return impossible(text, why);
  const epochMs = epochMsOf(civil, rules);
  if (epochMs === "nonexistent") return nonexistent(text, rules.timeZone);
  if (epochMs === "repeated") return repeated(text, rules.timeZone);
  if (!isTimestampMs(epochMs)) return outOfRange(text);
  return exactTimestamp(epochMs, (time?.micros ?? 0) % 1000, time?.beyond ?? "");
}

function leapSecond(text: string): Problem {
  const why = "seconds go from 00 to 59, because evt counts no leap seconds";
  return impossible(text, why, "send second 59, or the first second of the next minute");
}

/** Returns an offset from UTC in milliseconds. `NaN` if a part is too large. */
export function offsetMsOf(sign: 1 | -1, hours: number, minutes: number, seconds = 0): number {
  if (hours > 23 || minutes > 59 || seconds > 59) return Number.NaN;
  return sign * (hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS);
}

/** Returns the reason why this time cannot exist in any zone, or `null`. */
function whyImpossible({ year, month, day, time }: CivilTime): string | null {
  if (month < 1 || month > 12) return `there is no month ${padded(month, 2)}`;
  const days = daysInMonth(year, month);
  if (day < 1 || day > days) return `${padded(year, 4)}-${padded(month, 2)} has days 01 to ${days}`;
  return time === null ? null : whyNoTimeOfDay(time);
}

function whyNoTimeOfDay({ hour, minute, second, offsetMs }: TimeOfDay): string | null {
  if (hour > 23) return "hours go from 00 to 23";
  if (minute > 59) return "minutes go from 00 to 59";
  if (second > 59) return "seconds go from 00 to 59";
  return Number.isNaN(offsetMs) ? "offsets go up to 23:59" : null;
}

function epochMsOf(
  { year, month, day, time }: CivilTime,
  { timeZone, repeatedLocalTime }: LocalTimeRules,
): number | "nonexistent" | "repeated" {
  const days = daysFromCivil(year, month, day);
  if (time === null) return firstInstantOfDate(days, timeZone) ?? "nonexistent";
  const { hour, minute, second, micros, offsetMs } = time;
  const localMs =
    days * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS + Math.floor(micros / 1000);
  return offsetMs === null ? localInstant(timeZone, localMs, repeatedLocalTime) : localMs - offsetMs;
}

/** Returns the start of the day, even if clocks skipped midnight. `null` if clocks skipped the whole date. */
function firstInstantOfDate(days: number, timeZone: string): number | null {
  const start = startOfLocalDay(timeZone, days);
  return start < startOfLocalDay(timeZone, days + 1) ? start : null;
}
