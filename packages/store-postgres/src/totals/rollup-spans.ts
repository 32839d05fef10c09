import { QUARTER_MS } from "./tally.js";

/** A length of time that rollups have totals for. Spans are aligned in UTC. */
export interface RollupSpan {
  readonly name: "quarter" | "day" | "month";
  /** Returns the start of the span that contains an instant, in milliseconds. Infinities are returned unchanged. */
  readonly floor: (ms: number) => number;
  /** Returns the first start of a span at or after an instant, in milliseconds. Infinities are returned unchanged. */
  readonly ceil: (ms: number) => number;
}

const DAY_MS = 96 * QUARTER_MS;

/** The spans of every grouping, from the shortest to the longest. A day consists of whole quarter hours. */
export const DAY_SPANS: readonly RollupSpan[] = [fixed("quarter", QUARTER_MS), fixed("day", DAY_MS)];

/** The spans of totals by client. */
export const MONTH_SPANS: readonly RollupSpan[] = [
  ...DAY_SPANS,
  {
    name: "month",
    floor: (ms) => (Number.isFinite(ms) ? monthOf(ms, 0) : ms),
    ceil: (ms) => (Number.isFinite(ms) && monthOf(ms, 0) < ms ? monthOf(ms, 1) : ms),
  },
];

function fixed(name: RollupSpan["name"], lengthMs: number): RollupSpan {
  return {
    name,
    floor: (ms) => Math.floor(ms / lengthMs) * lengthMs,
    ceil: (ms) => Math.ceil(ms / lengthMs) * lengthMs,
  };
}

/** Returns the start of the month that contains `ms`, plus `later` months. */
function monthOf(ms: number, later: number): number {
  const date = new Date(ms);
  // Date.UTC reads the years 0 to 99 as years of the 20th century
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + later);
  return date.setUTCHours(0, 0, 0, 0);
}
