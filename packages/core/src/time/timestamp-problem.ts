import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";

const ADVICE =
  "send ISO 8601 such as 2024-01-15T10:30:00Z, or Unix time; the mapping's `timestampFormats` adds other formats";

export function notRecognized(value: unknown): Problem {
  return { code: "timestamp_not_recognized", message: `timestamp is ${quoted(value)}; ${ADVICE}` };
}

/** Returns the problem of a time that no calendar or clock shows, in any zone. */
export function impossible(value: unknown, why: string): Problem {
  return {
    code: "timestamp_impossible",
    message: `timestamp ${quoted(value)}: ${why}; send a time that exists`,
  };
}

/** Returns the problem of a local time that the clocks of a zone skipped. */
export function nonexistent(value: unknown, timeZone: string): Problem {
  return {
    code: "timestamp_nonexistent",
    message: `timestamp ${quoted(value)}: the clocks of ${timeZone} skipped it; send it with its offset, such as Z or +01:00`,
  };
}

export function outOfRange(value: unknown): Problem {
  return {
    code: "timestamp_out_of_range",
    message: `timestamp ${quoted(value)} is outside the years 0001 to 9999 (UTC); Unix time is read as seconds, milliseconds or microseconds, by its size`,
  };
}
