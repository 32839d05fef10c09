import { QUARTER_MS } from "./tally.js";

/** A length of time that rollups have totals for. Spans are aligned in UTC. */
export interface RollupSpan {
  readonly name: "quarter" | "day";
  /** Returns the start of the span that contains an instant, in milliseconds. Infinities are returned unchanged. */
  readonly floor: (ms: number) => number;
  /** Returns the first start of a span at or after an instant, in milliseconds. Infinities are returned unchanged. */
  readonly ceil: (ms: number) => number;
}

const DAY_MS = 96 * QUARTER_MS;

/** From the shortest to the longest. A day consists of whole quarter hours. */
export const ROLLUP_SPANS: readonly RollupSpan[] = [span("quarter", QUARTER_MS), span("day", DAY_MS)];

function span(name: RollupSpan["name"], lengthMs: number): RollupSpan {
  return {
    name,
    floor: (ms) => Math.floor(ms / lengthMs) * lengthMs,
    ceil: (ms) => Math.ceil(ms / lengthMs) * lengthMs,
  };
}
