import { isEvtError } from "@evt/core";
import type { FailedSlice, SliceOptions } from "./fold-slice.js";

/** Next to inserts a cell of a large slice costs far less, so folding keeps up with a load whose cells recur. */
const FIRST_CELLS = 50_000;
const MOST_CELLS = 200_000;
/** A slice is to take about a second: it holds a connection, and whoever repairs or prunes totals waits for its end. */
const SHORT_MS = 1_000;
const LONG_MS = 2_000;
/** Tallies that are left out. With more than these the fault is not theirs. */
const MOST_SKIPPED = 100;

/**
 * How much to fold at once. Adapts to the machine, shrinks with every failure, and so finds a tally that Postgres
 * refuses to fold: that one is left out, and read as it is.
 */
export class FoldPace {
  #cells: number;
  #skipped: string[] = [];

  /** `firstCells`: the most cells of the first slice, before the pace is known. */
  constructor(firstCells = FIRST_CELLS) {
    this.#cells = firstCells;
  }

  get next(): SliceOptions {
    return { cells: this.#cells, skipped: this.#skipped };
  }

  /** A slice that left nothing says nothing about how many more cells would fit. */
  took(ms: number, isLast: boolean): void {
    if (ms > LONG_MS) this.shrink();
    else if (ms < SHORT_MS && !isLast) this.#cells = Math.min(MOST_CELLS, this.#cells * 2);
  }

  /**
   * `narrowed`: Postgres refused several tallies, and fewer are next. `skipped`: it refused a single one, which is left
   * out from now on. `failed`: for another reason than what is in the tallies.
   */
  failed({ error, tallies, cells, places }: FailedSlice): "narrowed" | "skipped" | "failed" {
    this.#cells = Math.min(this.#cells, cells);
    this.shrink();
    if (!isEvtError(error, "EVT_RECORD_REFUSED")) return "failed";
    if (tallies > 1) return "narrowed";
    if (this.#skipped.length === MOST_SKIPPED) this.#skipped = [];
    this.#skipped = [...this.#skipped, places];
    return "skipped";
  }

  /** Tries the tallies that were left out again. */
  forget(): void {
    this.#skipped = [];
  }

  /** After a failure. A single tally is the least. */
  shrink(): void {
    this.#cells = Math.max(1, Math.floor(this.#cells / 2));
  }
}
