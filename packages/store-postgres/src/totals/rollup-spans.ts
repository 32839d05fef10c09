import { QUARTER_MS } from "./tally.js";

/**
 * A length of time that totals are folded into. Spans are aligned in UTC: to a quarter hour, to a multiple of three
 * hours, to a day or to a month.
 */
export interface RollupSpan {
  /** The value of the column `rollup.span`. */
  readonly letter: "q" | "t" | "d" | "m";
  /** Returns the start of the span that contains an instant, in milliseconds. Infinities are returned unchanged. */
  readonly floor: (ms: number) => number;
  /** Returns the first start of a span at or after an instant, in milliseconds. Infinities are returned unchanged. */
  readonly ceil: (ms: number) => number;
  /** Returns SQL for the start of the span that contains a quarter hour. */
  readonly begin: (quarter: string) => string;
}

const THREE_HOURS_MS = 12 * QUARTER_MS;
const DAY_MS = 8 * THREE_HOURS_MS;
/** An instant at which all spans except months begin. */
const ORIGIN = "'2000-01-01T00:00:00Z'";

/** The shortest span. */
export const QUARTER = fixed("q", QUARTER_MS, "15 minutes");

/** From the shortest to the longest. Each span consists of whole spans of the previous length. */
export const ROLLUP_SPANS: readonly RollupSpan[] = [
  QUARTER,
  fixed("t", THREE_HOURS_MS, "3 hours"),
  fixed("d", DAY_MS, "1 day"),
  {
    letter: "m",
    floor: (ms) => (Number.isFinite(ms) ? monthOf(ms, 0) : ms),
    ceil: (ms) => (Number.isFinite(ms) && monthOf(ms, 0) < ms ? monthOf(ms, 1) : ms),
    begin: (quarter) => `date_trunc('month', ${quarter}, 'UTC')`,
  },
];

function fixed(letter: RollupSpan["letter"], lengthMs: number, interval: string): RollupSpan {
  return {
    letter,
    floor: (ms) => Math.floor(ms / lengthMs) * lengthMs,
    ceil: (ms) => Math.ceil(ms / lengthMs) * lengthMs,
    begin: (quarter) => `date_bin('${interval}', ${quarter}, ${ORIGIN})`,
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
