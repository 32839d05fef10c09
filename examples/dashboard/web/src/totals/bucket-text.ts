import type { Interval } from "../api/aggregation.js";

/** `2001-01-01`, `2001-01`, or with the hour, in the zone the totals are in. */
export function bucketText(start: string, interval: Interval): string {
  if (interval === "hour") return start.slice(0, 16).replace("T", " ");
  return start.slice(0, interval === "month" ? 7 : 10);
}
