import type { Interval } from "../api/aggregation.js";

/** Returns the start of an interval in the time zone of the totals: `2001-01-01`, `2001-01`, or the hour. */
export function bucketText(start: string, interval: Interval): string {
  if (interval === "hour") return start.slice(0, 16).replace("T", " ");
  return start.slice(0, interval === "month" ? 7 : 10);
}
