import type { Interval } from "../queries.js";
import { canonicalTimestamp, timestampMs } from "./canonical-timestamp.js";
import { civilFromDays, DAY_MS, daysFromCivil, HOUR_MS, remainder } from "./civil-date.js";
import { formatInZone, offsetChange, offsetMsAt, startOfLocalDay } from "./time-zone.js";

/** A unit of whole local days: a day, a week or a month. Days and units are numbered. 1970-01-01 is day 0. */
interface CalendarUnit {
  indexOf(day: number): number;
  firstDay(index: number): number;
}

const UNITS: Readonly<Record<Exclude<Interval, "hour">, CalendarUnit>> = {
  day: { indexOf: (day) => day, firstDay: (index) => index },
  // 1970-01-01 was a Thursday: its week began on day -3
  week: { indexOf: (day) => Math.floor((day + 3) / 7), firstDay: (index) => index * 7 - 3 },
  month: {
    indexOf: monthOf,
    firstDay: (month) => daysFromCivil(Math.floor(month / 12), remainder(month, 12) + 1, 1),
  },
};

/**
 * The maximum length of a bucket in which the offset does not change, in milliseconds. Changes of the offset add less
 * than `SLACK_MS` to a range.
 */
const LONGEST_MS: Readonly<Record<Interval, number>> = {
  hour: HOUR_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 31 * DAY_MS,
};
const SLACK_MS = 2 * DAY_MS;

/**
 * Returns the canonical instants at which the buckets of `from ≤ t < to` begin, ascending and distinct. The first instant
 * is `from`, even if it is inside a bucket. Then each local start of an hour, day, week (Monday) or month follows. A
 * local hour begins when clocks show a full hour, and also when clocks are put forward or back. A local day begins at
 * {@link startOfLocalDay}. An empty range has no buckets. `from` must not be after `to`.
 *
 * @returns the instants, or `"too-many"` if there are more than `most`
 */
export function bucketStarts(
  from: string,
  to: string,
  interval: Interval,
  timeZone: string,
  most: number,
): string[] | "too-many" {
  if (from === to) return [];
  const end = ceilingMs(to);
  if (end - timestampMs(from) > most * LONGEST_MS[interval] + SLACK_MS) return "too-many";
  const starts = [from];
  let start = nextStart(timestampMs(from), interval, timeZone);
  while (start < end) {
    if (starts.length >= most) return "too-many";
    starts.push(canonicalTimestamp(start));
    start = nextStart(start, interval, timeZone);
  }
  return starts;
}

/**
 * Returns the label of the bucket that contains an instant: the local start of the bucket, with the offset of the zone.
 * If a range begins inside its first bucket, the label of that bucket is before the range.
 */
export function bucketLabel(instant: string, interval: Interval, timeZone: string): string {
  const epochMs = timestampMs(instant);
  if (interval === "hour") return formatInZone(hourStart(epochMs, timeZone), timeZone);
  const unit = UNITS[interval];
  return formatInZone(startOfUnit(unitAt(epochMs, unit, timeZone), unit, timeZone), timeZone);
}

/** Returns the start of the first bucket that begins after an instant. */
function nextStart(epochMs: number, interval: Interval, timeZone: string): number {
  if (interval === "hour") return nextHourStart(epochMs, timeZone);
  const unit = UNITS[interval];
  return startOfUnit(unitAt(epochMs, unit, timeZone) + 1, unit, timeZone);
}

function hourStart(epochMs: number, timeZone: string): number {
  const fullHour = epochMs - remainder(epochMs + offsetMsAt(timeZone, epochMs), HOUR_MS);
  return offsetChange(timeZone, fullHour, epochMs) ?? fullHour;
}

function nextHourStart(epochMs: number, timeZone: string): number {
  const fullHour = epochMs + HOUR_MS - remainder(epochMs + offsetMsAt(timeZone, epochMs), HOUR_MS);
  return offsetChange(timeZone, epochMs, fullHour) ?? fullHour;
}

/**
 * Returns the index of the last unit that has begun. If clocks are put back past midnight, the date goes back, but the
 * index does not.
 */
function unitAt(epochMs: number, unit: CalendarUnit, timeZone: string): number {
  const day = Math.floor((epochMs + offsetMsAt(timeZone, epochMs)) / DAY_MS);
  let index = unit.indexOf(day);
  while (startOfUnit(index + 1, unit, timeZone) <= epochMs) index++;
  return index;
}

function startOfUnit(index: number, unit: CalendarUnit, timeZone: string): number {
  return startOfLocalDay(timeZone, unit.firstDay(index));
}

function monthOf(day: number): number {
  const { year, month } = civilFromDays(day);
  return year * 12 + month - 1;
}

/** Returns the first whole millisecond at or after a canonical timestamp. */
function ceilingMs(canonical: string): number {
  return timestampMs(canonical) + (canonical.length > 24 ? 1 : 0);
}
