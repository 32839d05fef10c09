import { quoted } from "../quoted.js";
import { canonicalTimestamp } from "./canonical-timestamp.js";
import { civilFromDays, DAY_MS, HOUR_MS, MINUTE_MS, remainder, SECOND_MS } from "./civil-date.js";
import { padded } from "./digits.js";
import { ZoneOffsets } from "./zone-offsets.js";

/**
 * More than any offset from UTC in the tz database. Before standard time, Manila had -15:56:08 and Juneau +15:02:19.
 */
const MAX_OFFSET_MS = 16 * HOUR_MS;

/**
 * The zones of IANA whose names have three letters. Other such names are refused, although `Intl` accepts some: it reads
 * `BST` as Dhaka.
 */
const THREE_LETTERS = new Set([
  "CET",
  "EET",
  "EST",
  "GMT",
  "HST",
  "MET",
  "MST",
  "PRC",
  "ROC",
  "ROK",
  "UCT",
  "UTC",
  "WET",
]);

/**
 * Maximum number of cached zones. Zones are cached because formatters are slow to create. The cache is limited because
 * any query may name a new zone.
 */
const MOST_ZONES = 64;
const zones = new Map<string, ZoneOffsets>();

/** @throws RangeError if the name is not a zone */
function offsetsOf(timeZone: string): ZoneOffsets {
  const known = zones.get(timeZone);
  if (known !== undefined) return known;
  if (!isTimeZone(timeZone)) throw new RangeError(`${quoted(timeZone)} is not an IANA time zone`);
  const offsets = new ZoneOffsets(timeZone);
  const [oldest] = zones.keys();
  if (zones.size >= MOST_ZONES && oldest !== undefined) zones.delete(oldest);
  zones.set(timeZone, offsets);
  return offsets;
}

/** About twice the length of the longest name. */
const LONGEST_NAME = 64;

/**
 * Returns whether `name` is a zone of the IANA database, such as `Europe/Berlin` or `UTC`. Case is ignored, as in
 * `Intl`.
 */
export function isTimeZone(name: string): boolean {
  // a shortcut for the default of every query, because Intl takes a third of a millisecond
  if (name === "UTC" || zones.has(name)) return true;
  // refuses `+01:00`, which newer engines accept, and names that only ICU has
  if (name.length > LONGEST_NAME || !/^[A-Za-z]/.test(name) || /^SystemV\//i.test(name)) return false;
  if (name.length === 3 && !THREE_LETTERS.has(name.toUpperCase())) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns how far the clocks of `timeZone` are ahead of UTC at an instant, in milliseconds. @throws RangeError if it is
 * not a zone
 */
export function offsetMsAt(timeZone: string, epochMs: number): number {
  return timeZone === "UTC" ? 0 : offsetsOf(timeZone).at(epochMs);
}

/**
 * Returns the first instant after `fromMs`, up to and including `toMs`, at which the offset of `timeZone` changes. `null`
 * if it does not change.
 */
export function offsetChange(timeZone: string, fromMs: number, toMs: number): number | null {
  return timeZone === "UTC" ? null : offsetsOf(timeZone).changeWithin(fromMs, toMs);
}

/** How a local time that occurs twice is read: as the first instant, as the second instant, or not at all. */
export type RepeatedLocalTime = "first" | "second" | "reject";

/**
 * Returns the instant at which clocks in `timeZone` show a local time. `localMs` is the local time in milliseconds, as if
 * it were UTC.
 *
 * @returns the instant; `"nonexistent"` if clocks skip the time; `"repeated"` if the time occurs twice and
 * `repeatedLocalTime` is `"reject"`
 */
export function localInstant(
  timeZone: string,
  localMs: number,
  repeatedLocalTime: RepeatedLocalTime,
): number | "nonexistent" | "repeated" {
  if (timeZone === "UTC") return localMs;
  const offsets = offsetsOf(timeZone);
  // the result is between these two instants, and the offset changes at most once there
  const before = offsets.at(localMs - MAX_OFFSET_MS);
  const after = offsets.at(localMs + MAX_OFFSET_MS);
  if (before === after) return localMs - before;
  const isFirst = offsets.at(localMs - before) === before;
  const isSecond = offsets.at(localMs - after) === after;
  if (isFirst && isSecond && repeatedLocalTime === "reject") return "repeated";
  if (isFirst && !(isSecond && repeatedLocalTime === "second")) return localMs - before;
  return isSecond ? localMs - after : "nonexistent";
}

/**
 * Returns the first instant of a local day. `days` counts from 1970-01-01. The result is midnight, or the first of two
 * midnights. If clocks skip midnight, the result is the end of the gap. If clocks skip the whole day, this is the start
 * of the next day.
 */
export function startOfLocalDay(timeZone: string, days: number): number {
  const midnight = days * DAY_MS;
  const start = localInstant(timeZone, midnight, "first");
  if (typeof start === "number") return start;
  // never null, because clocks skip a local time only if the offset changes
  return offsetChange(timeZone, midnight - MAX_OFFSET_MS, midnight + MAX_OFFSET_MS) as number;
}

/**
 * Returns an instant as local time in `timeZone`, with the offset: `2024-03-10T00:00:00.000-05:00`, or `Z` for `UTC`.
 * Near the limits, the local year may be 0000 or 10000. The latter is written as `+010000`.
 * @param micros - whole microseconds after `epochMs`. Omitted if 0
 */
export function formatInZone(epochMs: number, timeZone: string, micros = 0): string {
  const offset = offsetMsAt(timeZone, epochMs);
  const localMs = epochMs + offset;
  const { year, month, day } = civilFromDays(Math.floor(localMs / DAY_MS));
  const date = `${yearText(year)}-${padded(month, 2)}-${padded(day, 2)}`;
  const timeOfDay = canonicalTimestamp(remainder(localMs, DAY_MS), micros).slice("1970-01-01".length, -1);
  return `${date}${timeOfDay}${timeZone === "UTC" ? "Z" : offsetText(offset)}`;
}

function yearText(year: number): string {
  return year > 9999 ? `+${padded(year, 6)}` : padded(year, 4);
}

/** Returns an offset such as `+05:45`, or with the seconds of a local mean time `+00:53:28`. */
function offsetText(offsetMs: number): string {
  const size = Math.abs(offsetMs);
  const hours = padded(Math.floor(size / HOUR_MS), 2);
  const minutes = padded(Math.floor(size / MINUTE_MS) % 60, 2);
  const seconds = Math.floor(size / SECOND_MS) % 60;
  const text = `${offsetMs < 0 ? "-" : "+"}${hours}:${minutes}`;
  return seconds === 0 ? text : `${text}:${padded(seconds, 2)}`;
}
