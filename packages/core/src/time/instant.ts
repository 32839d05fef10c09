import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { daysFromCivil } from "./civil-date.js";
import { digitsAt } from "./digits.js";
import { startOfLocalDay } from "./time-zone.js";
import { parseTimestamp } from "./timestamp.js";

export interface InstantOptions {
  /** Which end of a range `from ≤ t < to` it is. */
  readonly edge: "start" | "end";
  /** The IANA zone of bare dates and of texts without an offset. */
  readonly timeZone: string;
}

const BARE_DATE = /^\d{4}(?:-\d{2}-|\/\d{2}\/)\d{2}$/;

/**
 * An end of a query's range as canonical text, or why it is none. Read as the timestamps of events are. A bare date
 * (`2024-01-15`, `2024/01/15`) is that local day's first instant, and as the end of a range the first of the next
 * day: a range from a date to the same date is that day, also where it has 23 or 25 hours.
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
    message: `the day after ${quoted(date)} lies outside the years 0001 to 9999 (UTC); leave the end out`,
  };
}

/** A mapping's formats settle nothing here, so the advice is another than for events. */
function inQueryWords(problem: Problem, value: unknown): Problem {
  const { code } = problem;
  if (code !== "timestamp_ambiguous" && code !== "timestamp_not_recognized") return problem;
  const what = code === "timestamp_ambiguous" ? "is ambiguous" : "is no instant";
  return { code, message: `${quoted(value)} ${what}; write 2024-01-15 or 2024-01-15T10:30:00Z` };
}
