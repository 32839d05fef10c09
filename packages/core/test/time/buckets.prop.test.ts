import { DateTime } from "luxon";
import { describe, expect } from "vitest";
import { bucketLabel, bucketStarts } from "../../src/time/buckets.js";
import { canonicalTimestamp, timestampMs } from "../../src/time/canonical-timestamp.js";
import { formatInZone } from "../../src/time/time-zone.js";
import { parseTimestamp } from "../../src/time/timestamp.js";
import { fc, test } from "../properties.js";
import { timeZone } from "../time-arbitraries.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SPAN_MS = { hour: 2 * DAY_MS, day: 40 * DAY_MS, week: 200 * DAY_MS, month: 700 * DAY_MS } as const;
const interval = fc.constantFrom("hour", "day", "week", "month");

/** Instants around unusual clock changes, and any instants of the last and the next century. */
const around = fc.oneof(
  fc.integer({ min: Date.UTC(1900, 0), max: Date.UTC(2100, 0) }),
  fc.constantFrom(
    ...[
      "1867-10-18",
      "1969-10-01",
      "1993-08-21",
      "1994-12-31",
      "2010-11-07",
      "2011-12-30",
      "2018-11-04",
      "2024-03-31",
      "2024-04-06",
      "2024-10-06",
      "2024-11-03",
    ].map(Date.parse),
  ),
);

const range = fc
  .record({
    interval,
    around,
    before: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.double({ min: 0, max: 1, noNaN: true }),
    micros: fc.constantFrom(0, 1, 999),
  })
  .map(({ interval, around, before, length, micros }) => {
    const fromMs = Math.floor(around - before * SPAN_MS[interval]);
    const toMs = fromMs + 1 + Math.floor(length * SPAN_MS[interval]);
    return { interval, from: canonicalTimestamp(fromMs, micros), to: canonicalTimestamp(toMs, micros) };
  });

const dateIn = (zone: string, ms: number) => DateTime.fromMillis(ms, { zone }).toISODate() as string;
const monthIn = (zone: string, ms: number) => dateIn(zone, ms).slice(0, 7);
const mondayIn = (zone: string, ms: number) =>
  DateTime.fromISO(dateIn(zone, ms), { zone: "utc" }).startOf("week").toISODate() as string;
const hourIn = (zone: string, ms: number) => DateTime.fromMillis(ms, { zone }).toFormat("yyyy-MM-dd HH ZZZ");

/** The name that luxon gives to the bucket of an instant. It is unique, except if a midnight occurs twice. */
const NAME_IN = { hour: hourIn, day: dateIn, week: mondayIn, month: monthIn };

const lastMsBefore = (instant: string) => timestampMs(instant) - (instant.length > 24 ? 0 : 1);

const all = (from: string, to: string, unit: "hour" | "day" | "week" | "month", zone: string) =>
  bucketStarts(from, to, unit, zone, 1_000_000) as string[];

describe("buckets", () => {
  test.prop([range, timeZone], { numRuns: 300 })(
    "cover the range in order, from its start to before its end",
    ({ interval, from, to }, zone) => {
      const starts = all(from, to, interval, zone);
      expect(starts[0]).toBe(from);
      const sortable = starts.map((start) => start.slice(0, -1));
      expect(sortable).toEqual([...new Set(sortable)].sort());
      expect((sortable.at(-1) as string) < to.slice(0, -1)).toBe(true);
    },
  );

  test.prop([range, timeZone], { numRuns: 300 })(
    "begin and end exactly when luxon shows a new one",
    ({ interval, from, to }, zone) => {
      const nameIn = NAME_IN[interval];
      const starts = all(from, to, interval, zone);
      for (const [i, start] of starts.entries()) {
        const whole = timestampMs(parseTimestamp(bucketLabel(start, interval, zone)) as string);
        expect(nameIn(zone, whole - 1)).not.toBe(nameIn(zone, whole));
        const next = starts[i + 1];
        if (next !== undefined) expect(nameIn(zone, timestampMs(next) - 1)).toBe(nameIn(zone, whole));
        else expect(nameIn(zone, lastMsBefore(to)) > nameIn(zone, whole)).toBe(false);
      }
    },
  );

  test.prop([range, timeZone], { numRuns: 300 })(
    "have distinct labels, their local starts",
    ({ interval, from, to }, zone) => {
      const starts = all(from, to, interval, zone);
      const labels = starts.map((start) => bucketLabel(start, interval, zone));
      expect(new Set(labels).size).toBe(labels.length);
      expect(labels.slice(1)).toEqual(starts.slice(1).map((start) => formatInZone(timestampMs(start), zone)));
      // if the range begins inside a bucket, the first label is that of the whole bucket
      const [whole] = all(canonicalTimestamp(timestampMs(from) - SPAN_MS[interval]), to, interval, zone)
        .filter((start) => start.slice(0, -1) <= from.slice(0, -1))
        .slice(-1);
      expect(labels[0]).toBe(formatInZone(timestampMs(whole as string), zone));
    },
  );

  test.prop([range, timeZone], { numRuns: 100 })(
    "are the same if the range is cut in two",
    ({ interval, from, to }, zone) => {
      const middle = canonicalTimestamp(Math.floor((timestampMs(from) + timestampMs(to)) / 2) + 1);
      fc.pre(from.slice(0, -1) < middle.slice(0, -1) && middle.slice(0, -1) < to.slice(0, -1));
      const whole = all(from, to, interval, zone);
      const parts = [...all(from, middle, interval, zone), ...all(middle, to, interval, zone)];
      expect(parts.filter((start) => start !== middle)).toEqual(whole.filter((start) => start !== middle));
    },
  );
});
