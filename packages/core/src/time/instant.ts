import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs, timestampMs } from "./canonical-timestamp.js";
import { DAY_MS } from "./civil-date.js";
import { offsetMsAt, startOfLocalDay } from "./time-zone.js";
import { parseTimestamp } from "./timestamp.js";

/** Options of `parseInstant`. */
export interface InstantOptions {
  /** Whether the instant is the start or the end of a range `from ≤ t < to`. */
  readonly edge: "start" | "end";
  /** The IANA zone of dates without a time, and of times without an offset. */
  readonly timeZone: string;
}

/**
 * Unix time, or a time in the basic form of ISO 8601. `isBareDate` excludes them: they have a time, but often no colon.
 */
const NUMBER_OR_BASIC = /^[+-]?\d+(?:\.\d+)?$|\d[Tt]\d/;

/**
 * Returns the start or end of a range as a canonical timestamp, or the problem. It reads the same forms
 * as in an event whose mapping has no options for timestamps, and accepts the years 0001 to 9999. As the start of a range,
 * a date without a time (`2024-01-15`, `15 Jan 2024`) means the first instant of that local day. As the end, it means the
 * first instant of the next day. So a range from a date to the same date is that whole day, even if the day has 23 or 25
 * hours. In `2024-01-15T10:30:00 01:00`, the space is read as the `+` that a URL lost.
 *
 * @example
 * const to = parseInstant("2024-01-15", { edge: "end", timeZone: "Europe/Berlin" });
 * if (typeof to !== "string") throw new TypeError(to.message);
 */
export function parseInstant(value: string | Date, { edge, timeZone }: InstantOptions): string | Problem {
  const text = typeof value === "string" ? withPlus(value.trim()) : value;
  const instant = parseTimestamp(text, { timeZone });
  if (typeof instant !== "string") return inQueryWords(instant, value);
  return edge === "end" && typeof text === "string" && isBareDate(text)
    ? startOfNextDay(text, instant, timeZone)
    : instant;
}

/** `2024-01-15T10:30:00 01:00`. In a URL, `+` means a space unless it is written as `%2B`. */
const LOST_PLUS = /^(\d{4}[-/]\d{1,2}[-/]\d{1,2}[Tt ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) (\d{2}:?\d{2})$/;

function withPlus(text: string): string {
  return text.replace(LOST_PLUS, "$1+$2");
}

function isBareDate(text: string): boolean {
  return !text.includes(":") && !NUMBER_OR_BASIC.test(text);
}

/** @param start - the first instant of the day */
function startOfNextDay(date: string, start: string, timeZone: string): string | Problem {
  const startMs = timestampMs(start);
  const day = Math.floor((startMs + offsetMsAt(timeZone, startMs)) / DAY_MS);
  const next = startOfLocalDay(timeZone, day + 1);
  if (isTimestampMs(next)) return canonicalTimestamp(next);
  return {
    code: "timestamp_out_of_range",
    message: `the day after ${quoted(date)} is outside the years 0001 to 9999 (UTC); leave the end out`,
  };
}

/** Replaces advice about fields and the mapping, because a query has neither. */
function inQueryWords({ code, message }: Problem, value: unknown): Problem {
  switch (code) {
    case "timestamp_ambiguous":
      return { code, message: `${quoted(value)} is ambiguous; ${ADVICE}` };
    case "timestamp_not_recognized":
    case "timestamp_before_earliest": // a zero date: no other date is too early, because a query has no `earliest`
      return { code, message: `${quoted(value)} is not an instant; ${ADVICE}` };
    case "timestamp_zone_unknown":
      return { code, message: `${quoted(value)} names a zone; write its offset, such as Z or +01:00` };
    case "timestamp_repeated":
      return {
        code,
        message: `${quoted(value)} occurs twice in its zone; add its offset, such as Z or +01:00`,
      };
    default:
      return { code, message };
  }
}

const ADVICE = "write 2024-01-15 or 2024-01-15T10:30:00Z";
