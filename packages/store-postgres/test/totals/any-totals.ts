import type { AggregationQuery } from "@evt/core";
import fc from "fast-check";
import { micros } from "./totals-of-events.js";

/**
 * The starts and ends of days of 23 and 25 hours, of a zone change by 19 minutes and 32 seconds, of years and of quarter
 * hours, and a microsecond before and after each.
 */
export const EDGES = [
  "2024-03-10T05:00:00",
  "2024-03-10T07:00:00",
  "2024-03-11T04:00:00",
  "2024-11-03T06:00:00",
  "2024-04-06T15:00:00",
  "2024-04-06T13:30:00",
  "2024-03-10T18:15:00",
  "2024-03-10T18:30:00",
  "1930-03-09T23:40:28",
  "1930-03-10T00:00:00",
  "1969-12-31T23:45:00",
  "2024-03-10T07:07:30",
].flatMap(around);

/**
 * Returns an instant without fraction and offset as three instants in UTC: itself, and a microsecond after and before.
 */
export function around(edge: string): string[] {
  return [`${edge}.000Z`, `${edge}.000001Z`, `${before(edge)}.999999Z`];
}

function before(edge: string): string {
  return new Date(Date.parse(`${edge}Z`) - 1_000).toISOString().slice(0, 19);
}

export const amount = fc.oneof(
  fc.constantFrom(
    "0.1",
    "0.2",
    "-0.3",
    "9007199254740993",
    "0.000000000000000001",
    "99999999999999999999.999999999999999999",
  ),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => (cents / 100).toFixed(2)),
);
export const client = fc.constantFrom("a", "A", "b c");
export const metric = fc.constantFrom("m", "é");

/** Generates queries whose ranges begin and end at the given instants. */
export const queryOver = (timestamp: fc.Arbitrary<string>): fc.Arbitrary<AggregationQuery> =>
  fc
    .record(
      {
        clientId: client,
        metric,
        range: fc.uniqueArray(timestamp, { minLength: 2, maxLength: 2 }),
        open: fc.constantFrom("from", "to", "none", "none"),
        groupBy: fc.subarray(["clientId", "metric"] as const),
        interval: fc.constantFrom("day", "month"),
        timeZone: fc.constantFrom(
          "UTC",
          "America/New_York",
          "Australia/Lord_Howe",
          "Asia/Kathmandu",
          "Europe/Amsterdam",
        ),
      },
      { requiredKeys: ["groupBy"] },
    )
    .map(({ range = [], open, interval, timeZone, ...rest }) => {
      const [from, to] = [...range].sort((left, right) => Number(micros(left) - micros(right)));
      const ends = { ...(from && open !== "from" && { from }), ...(to && open !== "to" && { to }) };
      if (ends.from === undefined || ends.to === undefined || interval === undefined)
        return { ...rest, ...ends };
      // core limits the number of rows, and a hundred years have more days
      const days = (micros(ends.to) - micros(ends.from)) / 86_400_000_000n;
      if (days > 36_000n) return { ...rest, ...ends };
      return { ...rest, ...ends, interval: days > 400n ? "month" : interval, ...(timeZone && { timeZone }) };
    });
