import type { Setting } from "../harness/contest.js";

export interface Size {
  /** Stored events of a month. */
  readonly stored: number;
  /** Stored events of a year. */
  readonly year: number;
  /** Batches of 1,000 events of each load, including `warmUpBatches`. */
  readonly batches: number;
  readonly warmUpBatches: number;
  /** Single events, including `warmUpEvents`. */
  readonly events: number;
  readonly warmUpEvents: number;
  /** How long the queries of one row run, in milliseconds. */
  readonly readMs: number;
}

const QUICK: Size = {
  ...{ stored: 100_000, year: 30_000, batches: 80, warmUpBatches: 20 },
  ...{ events: 20_000, warmUpEvents: 5_000, readMs: 1_000 },
};
const WHOLE: Size = {
  ...{ stored: 1_000_000, year: 200_000, batches: 200, warmUpBatches: 40 },
  ...{ events: 80_000, warmUpEvents: 20_000, readMs: 2_000 },
};
const FULL: Size = { ...WHOLE, stored: 5_000_000, year: 1_000_000, batches: 1_040 };

export function sizeOf({ quick, full }: Pick<Setting, "quick" | "full">): Size {
  if (full) return FULL;
  return quick ? QUICK : WHOLE;
}
