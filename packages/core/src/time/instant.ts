import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { daysFromCivil } from "./civil-date.js";
import { digitsAt } from "./digits.js";
import { startOfLocalDay } from "./time-zone.js";
import { parseTimestamp } from "./timestamp.js";

/** Options of `parseInstant`. */
export interface InstantOptions {
  /** The end of a range `from ≤ t < to` that the instant is. */
  readonly edge: "start" | "end";
  /** The IANA zone of bare dates, and of strings without an offset. */
  readonly timeZone: string;
}

const BARE_DATE = /^\d{4}(?:-\d{2}-|\/\d{2}\/)\d{2}$/;

/**
 * Returns an end of a range as canonical timestamp, or the problem. It reads what it reads in events. A bare date
 * (`2024-01-15`, `2024/01/15`) is the first instant of that local day. As the end of a range, it is the first instant of the
 * next day, so a range from a date to the same date is that whole day, even with 23 or 25 hours.
 *
 * @example
 * const to = parseInstant("2024-01-15", { edge: "end", timeZone: "Europe/Berlin" });
 * if (typeof to !== "string") throw new TypeError(to.message);
 */
export function parseInstant(value: string | Date, { edge, timeZone }: InstantOptions): string | Problem {
  const instant = parseTimestamp(value, { timeZone });
  if (typeof instant !== "string") return inQueryWords(instant, value);
  if (edge === "start" || typeof value !== "string") return instant;
  const date = value.trim();
  return BARE_DATE.test(date) ? startOfNextDay(date, timeZone) : instant;
}

function startOfNextDay(date: string, timeZone: string): string | Problem {
  const day = daysFromCivil(digitsAt(date, 0, 4), digitsAt(date, 5, 2), digitsAt(date, 8, 2));
  const next = startOfLocalDay(timeZone, day + 1);
  if (isTimestampMs(next)) return canonicalTimestamp(next);
  return {
    code: "timestamp_out_of_range",
    message: `the day after ${quoted(date)} is outside the years 0001 to 9999 (UTC); leave the end out`,
  };
}

/** The formats of a mapping do not apply to queries, so the advice differs from that for events. */
function inQueryWords(problem: Problem, value: unknown): Problem {
  const { code } = problem;
  if (code !== "timestamp_ambiguous" && code !== "timestamp_not_recognized") return problem;
  const what = code === "timestamp_ambiguous" ? "is ambiguous" : "is no instant";
  return { code, message: `${quoted(value)} ${what}; write 2024-01-15 or 2024-01-15T10:30:00Z` };
}
