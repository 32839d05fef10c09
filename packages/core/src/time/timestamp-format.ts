import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import type { LocalTimeRules } from "./civil-time.js";
import { readIso8601 } from "./iso-8601.js";
import type { RepeatedLocalTime } from "./time-zone.js";
import { impossible, nonexistent, outOfRange, repeated } from "./timestamp-problem.js";

/** A timestamp format. `luxonFormat` of `@evt/core/luxon` creates one from a pattern such as `dd/MM/yyyy`. */
export interface TimestampFormat {
  /** The name of the format in messages. */
  readonly name: string;
  /**
   * Reads a trimmed string, or a number as a string. Must be pure: the same arguments always yield the same instant.
   *
   * @param timeZone - IANA zone of strings without an offset
   * @param repeatedLocalTime - how a local time that occurs twice is read. @defaultValue "reject"
   * @returns
   * - milliseconds since 1970-01-01T00:00:00Z; a fraction is rounded toward the past
   * - an object with ISO 8601 and an offset, for more precision: `{ iso: "2024-01-15T10:30:00.123456789Z" }`
   * - `null` if the string does not have this form; evt then tries the next format
   * - `"impossible"` if the time does not exist in any zone
   * - `"nonexistent"` if clocks in `timeZone` skip the time
   * - `"repeated"` if the time occurs twice in `timeZone` and `repeatedLocalTime` is `"reject"`
   */
  parse(
    text: string,
    timeZone: string,
    repeatedLocalTime?: RepeatedLocalTime,
  ): number | { readonly iso: string } | null | "impossible" | "nonexistent" | "repeated";
}

/** Returns the result of the first format that fits the string: an exact timestamp or a problem. `null` if none fits. */
export function readWithFormats(
  text: string,
  formats: readonly TimestampFormat[],
  local: LocalTimeRules,
): string | Problem | null {
  for (const format of formats) {
    const result = readWithFormat(text, format, local);
    if (result !== null) return result;
  }
  return null;
}

function readWithFormat(
  text: string,
  format: TimestampFormat,
  local: LocalTimeRules,
): string | Problem | null {
  const { timeZone, repeatedLocalTime } = local;
  try {
    return judged(text, format, format.parse(text, timeZone, repeatedLocalTime));
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
  if (result === "repeated") return repeated(text, "its zone");
  if (result === "impossible")
    return impossible(text, `read as ${format.name}, it names a time that does not exist`);
  if (typeof result === "object") return fromIso(text, format, result.iso);
  if (!Number.isFinite(result)) return defective(text, format, `returned ${quoted(result)}`);
  const epochMs = Math.floor(result);
  return isTimestampMs(epochMs) ? canonicalTimestamp(epochMs) : outOfRange(text);
}

/** Requires an offset, because the format must determine the instant, and not the mapping. */
function fromIso(text: string, format: TimestampFormat, iso: string): string | Problem {
  const hasOffset = iso.includes(":") && /(?:[Zz]|[+-]\d{2}(?::?\d{2}){0,2})$/.test(iso);
  const instant = hasOffset ? readIso8601(iso, { timeZone: "UTC", repeatedLocalTime: "reject" }) : null;
  return instant ?? defective(text, format, `returned ${quoted(iso)}, which is not ISO 8601 with an offset`);
}

/** Returns the problem for a timestamp format with a bug. */
function defective(text: string, format: TimestampFormat, what: string): Problem {
  return {
    code: "timestamp_not_recognized",
    message: `timestamp ${quoted(text)}: the format ${quoted(format.name)} ${what}; fix the format`,
  };
}
