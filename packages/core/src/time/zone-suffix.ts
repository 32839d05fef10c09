import type { Problem } from "../problem.js";
import { offsetMsOf } from "./civil-time.js";
import { isTimeZone } from "./time-zone.js";
import { impossible, zoneUnknown } from "./timestamp-problem.js";

/** What follows a time of day: an offset from UTC, the zone that the mapping has for a name, or nothing (`null`). */
export type ZoneSuffix = { readonly offsetMs: number } | { readonly timeZone: string } | null;

/** Zones by name, in lower case: an IANA zone, or an offset such as `-05:00`. */
export type ZoneNames = ReadonlyMap<string, string>;

/** `Z`, `UTC` or `GMT`, optionally with a zone in brackets (RFC 9557), or with its long name in parentheses. */
const UTC = /^(?:Z|UT|UTC|GMT)(?:\[[\w/+-]+\])?(?: ?\([^()]*\))*$/i;
/** JavaScript writes `GMT+0100`. */
const PREFIX = /^(?:UTC|GMT)[+-]/i;
const OFFSET = /^([+-])(\d{1,2})(?::?(\d{2})(?::?(\d{2}))?)?/;
/** Go prints the reading of its monotonic clock at the end of a time. */
const MONOTONIC = / m=[+-]\d+\.\d+$/;
const COMMENTS = /^(?: ?\([^()]*\))+$/;
const NAME = /^(?:[a-z][\w/+-]*(?: [a-z]+){0,4}|[+-]\d{2,4})$/i;
const WITH_OFFSET = /^([+-])(\d{2}):(\d{2})$/;

/**
 * Reads what follows a time of day. An offset decides, and a name after it is only compared with it. A name alone is read if
 * it is UTC or GMT, or in `zoneNames`. Other names are refused, because many stand for several offsets: `CST` is used in
 * Chicago, Havana and Shanghai.
 *
 * @param rest - with no two spaces in a row
 * @returns the problem; `undefined` if it is no zone
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

/** @param hourDigits - the least number of digits of its hours; `+1` alone may be cut off, `GMT+1` is in use */
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
  if (UTC.test(name) && offsetMs !== 0) return impossible(text, `its offset is not that of ${name}`);
  return { offsetMs };
}

/** Removes brackets (RFC 9557) or parentheses around a name. */
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

/** Returns whether a zone can be the meaning of a name: an IANA zone, or an offset such as `-05:00`. */
export function isNamedZone(zone: unknown): boolean {
  if (typeof zone !== "string") return false;
  const match = WITH_OFFSET.exec(zone);
  return match === null ? isTimeZone(zone) : !Number.isNaN(offsetMsOf(1, Number(match[2]), Number(match[3])));
}
