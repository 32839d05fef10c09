import type { Interval } from "../api/aggregation.js";

/** Returns `2001-01-01`, `2001-01`, or the hour, in the time zone of the totals. */
export function bucketText(start: string, interval: Interval): string {
  if (interval === "hour") return start.slice(0, 16).replace("T", " ");
  return start.slice(0, interval === "month" ? 7 : 10);
}
