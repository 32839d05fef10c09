import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs, timestampMs } from "./canonical-timestamp.js";
import { DAY_MS } from "./civil-date.js";
import { offsetMsAt, startOfLocalDay } from "./time-zone.js";
import { parseTimestamp } from "./timestamp.js";

/** Options of `parseInstant`. */
export interface InstantOptions {
  /** The end of a range `from ≤ t < to` that the instant is. */
  readonly edge: "start" | "end";
  /** The IANA zone of bare dates, and of strings without an offset. */
  readonly timeZone: string;
}

/** Unix time, and the basic form of ISO 8601, have no colon either. */
const NUMBER_OR_BASIC = /^[+-]?\d+(?:\.\d+)?$|\d[Tt]\d/;

/**
 * Returns an end of a range as canonical timestamp, or the problem. It reads what it reads in events. A bare date
 * (`2024-01-15`, `15 Jan 2024`) is the first instant of that local day. As the end of a range, it is the first instant of the
 * next day, so a range from a date to the same date is that whole day, even with 23 or 25 hours. A `+` of an offset that became
 * a space in a URL is read as `+`.
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

/** `2024-01-15T10:30:00 01:00`: in a URL, `+` is a space unless it is written as `%2B`. */
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

/** Queries have no mapping, so the advice differs from that for events. */
function inQueryWords({ code, message }: Problem, value: unknown): Problem {
  switch (code) {
    case "timestamp_ambiguous":
      return { code, message: `${quoted(value)} is ambiguous; ${ADVICE}` };
    case "timestamp_not_recognized":
      return { code, message: `${quoted(value)} is no instant; ${ADVICE}` };
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
