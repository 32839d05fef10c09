import type { Problem } from "../problem.js";
import { quoted } from "../quoted.js";
import { isTimeZone } from "./time-zone.js";

const ADVICE =
  "send ISO 8601 such as 2024-01-15T10:30:00Z, or Unix time; the mapping's `timestampFormats` adds other formats";

export function notRecognized(value: unknown): Problem {
  return { code: "timestamp_not_recognized", message: `timestamp is ${quoted(value)}; ${ADVICE}` };
}

/** Returns the problem of a value in a form that evt does not read. `whyAndAdvice` is the rest of the message. */
export function unreadable(value: unknown, whyAndAdvice: string): Problem {
  return { code: "timestamp_not_recognized", message: `timestamp ${quoted(value)} ${whyAndAdvice}` };
}

/** Returns the problem of a time that cannot exist. */
export function impossible(value: unknown, why: string, advice = "send a time that exists"): Problem {
  return { code: "timestamp_impossible", message: `timestamp ${quoted(value)}: ${why}; ${advice}` };
}

/** Returns the problem of a local time that the clocks of a zone skipped. */
export function nonexistent(value: unknown, timeZone: string): Problem {
  return {
    code: "timestamp_nonexistent",
    message: `timestamp ${quoted(value)}: the clocks of ${timeZone} skipped it; send it with its offset, such as Z or +01:00`,
  };
}

/** Returns the problem of a local time that occurs twice in a zone. */
export function repeated(value: unknown, timeZone: string): Problem {
  return {
    code: "timestamp_repeated",
    message: `timestamp ${quoted(value)}: the clocks of ${timeZone} show it twice; send it with its offset, or set the mapping's \`repeatedLocalTime: "first"\` or \`"second"\``,
  };
}

export function outOfRange(value: unknown): Problem {
  return {
    code: "timestamp_out_of_range",
    message: `timestamp ${quoted(value)} is outside the years 0001 to 9999 (UTC); send a time within them`,
  };
}

/** @param options - the options that admit the timestamp */
export function beforeEarliest(
  value: unknown,
  timestamp: string,
  earliest: string,
  options: readonly string[],
): Problem {
  const where = `before the earliest that the mapping accepts, ${earliest}`;
  return { code: "timestamp_before_earliest", message: notAccepted(value, timestamp, where, options) };
}

/** @param options - the options that admit the timestamp */
export function afterLatest(
  value: unknown,
  timestamp: string,
  latest: string,
  options: readonly string[],
): Problem {
  const where = `after the latest that the mapping accepts, ${latest}`;
  return { code: "timestamp_after_latest", message: notAccepted(value, timestamp, where, options) };
}

function notAccepted(value: unknown, timestamp: string, where: string, options: readonly string[]): string {
  return `timestamp ${quoted(value)} is ${timestamp}, ${where}; leave the field out if it stands for no time, or set \`${options.join(", ")}\``;
}

/** Returns the problem of a date whose year, month and day are 0. */
export function zeroDate(value: unknown): Problem {
  return {
    code: "timestamp_before_earliest",
    message: `timestamp ${quoted(value)} is a zero date, which no calendar has and no \`earliest\` admits; leave the field out if there is no time`,
  };
}

/**
 * The usual meaning of common zone names, for advice only. evt does not read these names without an entry in `zoneNames`.
 */
const USUAL: Readonly<Record<string, string>> = {
  ACST: "+09:30",
  AEDT: "+11:00",
  AEST: "+10:00",
  AWST: "+08:00",
  BRT: "-03:00",
  BST: "+01:00",
  CDT: "-05:00",
  CEST: "+02:00",
  CET: "+01:00",
  CST: "-06:00",
  EDT: "-04:00",
  EEST: "+03:00",
  EET: "+02:00",
  EST: "-05:00",
  IST: "+05:30",
  JST: "+09:00",
  KST: "+09:00",
  MDT: "-06:00",
  MSK: "+03:00",
  MST: "-07:00",
  NZDT: "+13:00",
  NZST: "+12:00",
  PDT: "-07:00",
  PST: "-08:00",
  WEST: "+01:00",
  WET: "+00:00",
};

/** Returns the problem of a zone name without an offset. */
export function zoneUnknown(value: unknown, name: string): Problem {
  const zone = USUAL[name.toUpperCase()] ?? (isTimeZone(name) ? name : "+00:00");
  return {
    code: "timestamp_zone_unknown",
    message: `timestamp ${quoted(value)} names the zone ${quoted(name)}, and names can stand for several zones; send the offset, or set the mapping's \`zoneNames\` to what your sender means, such as \`zoneNames: { ${JSON.stringify(name)}: ${JSON.stringify(zone)} }\``,
  };
}
