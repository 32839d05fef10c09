import { QUARTER_MS } from "./tally.js";

/** One length of time that totals are folded into: they begin where UTC's quarters, three hours, days and months do. */
export interface RollupSpan {
  /** As it stands in `rollup.span`. */
  readonly letter: "q" | "t" | "d" | "m";
  /** The last beginning at or before an instant, and the first at or after one, in milliseconds; infinities stay. */
  readonly floor: (ms: number) => number;
  readonly ceil: (ms: number) => number;
  /** The beginning of the span in which a quarter lies, in SQL. */
  readonly begin: (quarter: string) => string;
}

const THREE_HOURS_MS = 12 * QUARTER_MS;
const DAY_MS = 8 * THREE_HOURS_MS;
/** Any instant at which all but months begin. */
const ORIGIN = "'2000-01-01T00:00:00Z'";

/** The finest. */
export const QUARTER = fixed("q", QUARTER_MS, "15 minutes");

/** From the finest to the coarsest; each but the first is made of whole ones of the one before. */
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

/** The beginning of the month in which an instant lies, or of one some months later. */
function monthOf(ms: number, later: number): number {
  const date = new Date(ms);
  // Date.UTC takes the years 0 to 99 for those of the 20th century
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + later);
  return date.setUTCHours(0, 0, 0, 0);
}
