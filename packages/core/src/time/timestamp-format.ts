import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { impossible, nonexistent, outOfRange } from "./timestamp-problem.js";

/** A timestamp format. `luxonFormat` of `@evt/core/luxon` makes one from a pattern such as `dd/MM/yyyy`. */
export interface TimestampFormat {
  /** The name in messages. */
  readonly name: string;
  /**
   * Reads a trimmed string. Pure: the same string and zone always yield the same instant.
   *
   * @param timeZone - IANA zone of strings without an offset. A local time that occurs twice must be read as the first one.
   * @returns
   * - milliseconds since 1970-01-01T00:00:00Z; a fraction is cut toward the past
   * - `null` if the string does not have this form; then the next format is tried
   * - `"impossible"` if no calendar has this time
   * - `"nonexistent"` if clocks in `timeZone` skipped it
   */
  parse(text: string, timeZone: string): number | null | "impossible" | "nonexistent";
}

/** Returns the result of the first format that the string fits, or `null`. */
export function readWithFormats(
  text: string,
  formats: readonly TimestampFormat[],
  timeZone: string,
): string | Problem | null {
  for (const format of formats) {
    const result = readWithFormat(text, format, timeZone);
    if (result !== null) return result;
  }
  return null;
}

function readWithFormat(text: string, format: TimestampFormat, timeZone: string): string | Problem | null {
  try {
    return judged(text, format, format.parse(text, timeZone));
  } catch (error) {
    return defective(text, format, `failed with ${quoted(error instanceof Error ? error.message : error)}`);
  }
}

function judged(
  text: string,
  format: TimestampFormat,
  result: ReturnType<TimestampFormat["parse"]>,
): string | Problem | null {
  if (result === null) return null;
  if (result === "nonexistent") return nonexistent(text, "its zone");
  if (result === "impossible")
    return impossible(text, `read as ${format.name}, it names a time that does not exist`);
  if (!Number.isFinite(result)) return defective(text, format, `returned ${quoted(result)}`);
  const epochMs = Math.floor(result);
  return isTimestampMs(epochMs) ? canonicalTimestamp(epochMs) : outOfRange(text);
}

/** Returns the problem of an event whose format is defective. The event is parked with it, and not lost. */
function defective(text: string, format: TimestampFormat, what: string): Problem {
  return {
    code: "timestamp_not_recognized",
    message: `timestamp ${quoted(text)}: the format ${quoted(format.name)} ${what}; fix the format`,
  };
}
