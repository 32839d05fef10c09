import type { Problem } from "../problem.js";
import { offsetMsOf } from "./civil-time.js";
import { isTimeZone } from "./time-zone.js";
import { impossible, zoneUnknown } from "./timestamp-problem.js";

/**
 * The zone after a time of day: an offset from UTC, or the zone that the mapping defines for a name. `null` if there is
 * none.
 */
export type ZoneSuffix = { readonly offsetMs: number } | { readonly timeZone: string } | null;

/** Zones by name, in lower case: an IANA zone, or an offset such as `-05:00`. */
export type ZoneNames = ReadonlyMap<string, string>;

/** `Z`, `UT`, `UTC` or `GMT`, optionally with a zone in brackets (RFC 9557), and with names in parentheses. */
const UTC = /^(?:Z|UT|UTC|GMT)(?:\[[\w/+-]+\])?(?: ?\([^()]*\))*$/i;
/** The prefix of an offset, as in JavaScript's `GMT+0100`. */
const PREFIX = /^(?:UTC|GMT)[+-]/i;
const OFFSET = /^([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?/;
/** The reading of the monotonic clock, which Go prints after a time. */
const MONOTONIC = / m=[+-]\d+\.\d+$/;
const COMMENTS = /^(?: ?\([^()]*\))+$/;
const NAME = /^(?:[a-z][\w/+-]*(?: [a-z]+){0,4}|[+-]\d{2,4})$/i;
const WITH_OFFSET = /^([+-])(\d{2}):(\d{2})$/;

/**
 * Reads the zone after a time of day. If there is an offset, evt uses it. It then ignores a name after the offset, but
 * refuses UTC or GMT outside parentheses if the offset is not 0. Without an offset, evt reads only UTC, GMT and the names
 * in `names`. It refuses other names, because many mean several offsets: `CST` is used in Chicago, Havana and Shanghai.
 *
 * @param rest - the part of the string after the time of day, without two spaces in a row
 * @returns the zone, or the problem. `undefined` if the rest is not a zone
 */
export function readZoneSuffix(
  text: string,
  rest: string,
  names: ZoneNames,
): ZoneSuffix | Problem | undefined {
  const suffix = rest.replace(MONOTONIC, "").trim();
  if (suffix === "") return null;
  if (!/^[\sZz+[(-]/.test(rest)) return undefined;
  if (UTC.test(suffix)) return { offsetMs: 0 };
  if (PREFIX.test(suffix)) return withOffset(text, suffix.slice(3), 1);
  if (/^[+-]/.test(suffix)) return withOffset(text, suffix, 2);
  return /^[\s[(]/.test(rest) ? named(text, bare(suffix), names) : undefined;
}

/**
 * @param hourDigits - the minimum number of digits of the hours: 2 for `+01`, because `+1` may be truncated; 1 for
 * `GMT+1`
 */
function withOffset(text: string, suffix: string, hourDigits: number): ZoneSuffix | Problem | undefined {
  const match = OFFSET.exec(suffix);
  if (match === null) return undefined;
  const [all, sign, hours = "", minutes = "0", seconds = "0"] = match;
  const after = suffix.slice(all.length);
  const name = bare(after.trim());
  if (hours.length < hourDigits || !/^(?:[ [(]|$)/.test(after)) return undefined;
  const offsetMs = offsetMsOf(sign === "-" ? -1 : 1, Number(hours), Number(minutes), Number(seconds));
  if (after === "" || COMMENTS.test(after)) return { offsetMs };
  if (!NAME.test(name)) return undefined;
  if (UTC.test(name) && offsetMs !== 0) return impossible(text, `its offset does not match ${name}`);
  return { offsetMs };
}

/** Removes the brackets (RFC 9557) or parentheses around a name, if there are any. */
function bare(text: string): string {
  return /^\[[^[\]]*\]$|^\([^()]*\)$/.test(text) ? text.slice(1, -1) : text;
}

function named(text: string, name: string, names: ZoneNames): ZoneSuffix | Problem | undefined {
  if (UTC.test(name)) return { offsetMs: 0 };
  if (!NAME.test(name)) return undefined;
  const zone = names.get(name.toLowerCase());
  if (zone === undefined) return zoneUnknown(text, name);
  const match = WITH_OFFSET.exec(zone);
  if (match === null) return { timeZone: zone };
  return { offsetMs: offsetMsOf(match[1] === "-" ? -1 : 1, Number(match[2]), Number(match[3])) };
}

/** Returns whether `zoneNames` may contain a zone: an IANA zone, or an offset such as `-05:00`. */
export function isNamedZone(zone: unknown): boolean {
  if (typeof zone !== "string") return false;
  const match = WITH_OFFSET.exec(zone);
  return match === null ? isTimeZone(zone) : !Number.isNaN(offsetMsOf(1, Number(match[2]), Number(match[3])));
}
