import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { canonicalTimestamp, isTimestampMs } from "./canonical-timestamp.js";
import { impossible, nonexistent, outOfRange } from "./timestamp-problem.js";

/** A further way to write a timestamp. `luxonFormat` of `@evt/core/luxon` makes one from a pattern such as `dd/MM/yyyy`. */
export interface TimestampFormat {
  /** How messages call it. */
  readonly name: string;
  /**
   * Reads a trimmed text. Pure: the same text and zone always mean the same instant. `timeZone` is an IANA name, for
   * texts without an offset of their own; a local time that occurs twice there is to be read as the first.
   *
   * @returns milliseconds since 1970-01-01T00:00:00Z (a fraction is cut toward the past); `null` where the text is not of this form;
   * `"impossible"` where it is and names a time that no calendar has, `"nonexistent"` where clocks in `timeZone`
   * skipped it. Any answer but `null` is final: no further format is asked, or one sender's dates would be read by
   * two of them.
   */
  parse(text: string, timeZone: string): number | null | "impossible" | "nonexistent";
}

/** What the first format that knows the text makes of it; `null` where none does. */
export function readWithFormats(
  text: string,
  formats: readonly TimestampFormat[],
  timeZone: string,
): string | Problem | null {
  for (const format of formats) {
    const answer = readWithFormat(text, format, timeZone);
    if (answer !== null) return answer;
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
  answer: ReturnType<TimestampFormat["parse"]>,
): string | Problem | null {
  if (answer === null) return null;
  if (answer === "nonexistent") return nonexistent(text, "its zone");
  if (answer === "impossible")
    return impossible(text, `read as ${format.name}, it names a time that does not exist`);
  if (!Number.isFinite(answer)) return defective(text, format, `answered ${quoted(answer)}`);
  const epochMs = Math.floor(answer);
  return isTimestampMs(epochMs) ? canonicalTimestamp(epochMs) : outOfRange(text);
}

/** A format that is broken must not take the event down with it: the event is kept with what the format did. */
function defective(text: string, format: TimestampFormat, what: string): Problem {
  return {
    code: "timestamp_not_recognized",
    message: `timestamp ${quoted(text)}: the format ${quoted(format.name)} ${what}; mend the format`,
  };
}
