import { isEvtError } from "@evt/core/store";
import type { FailedSlice } from "./fold-slice.js";
import type { SliceOptions } from "./slice-options.js";

/**
 * The number of cells in the first slice, and the minimum if slices are slow. Cells that are scattered over many days
 * rewrite the rollups of each day, so a small slice costs several times as much for each cell.
 */
const FIRST_CELLS = 10_000;
/**
 * Maximum number of cells in a slice. A cell of a large slice costs less, if the cells of a slice belong to the same
 * rollups.
 */
const MOST_CELLS = 50_000;
/**
 * The duration of a slice in milliseconds. A short slice writes little at a time, so that the commits of inserts need not
 * wait for it. A long slice costs less for each cell.
 */
const SHORT_MS = 120;
const LONG_MS = 300;
/** Maximum number of skipped tallies. If more fail, the tallies are not the cause. */
const MOST_SKIPPED = 100;

/**
 * Decides the size of the next slice. The size adapts to the machine's speed. It shrinks after each failure, until a slice
 * has only the tally that Postgres refuses to fold. That tally is then skipped, but totals still include it.
 */
export class FoldPace {
  #cells: number;
  #skipped: string[] = [];

  /** `firstCells` limits the first slice, before the speed is known. */
  constructor(firstCells = FIRST_CELLS) {
    this.#cells = firstCells;
  }

  /** The size of the next slice, and the tallies to skip. */
  get next(): Pick<SliceOptions, "cells" | "skipped"> {
    return { cells: this.#cells, skipped: this.#skipped };
  }

  /** Notes the duration of a slice. The last slice does not show how many more cells it could have folded in time. */
  took(ms: number, isLast: boolean): void {
    if (ms > LONG_MS) this.#cells = Math.max(Math.min(this.#cells, FIRST_CELLS), Math.floor(this.#cells / 2));
    else if (ms < SHORT_MS && !isLast) this.#cells = Math.min(MOST_CELLS, this.#cells * 2);
  }

  /**
   * Notes a failed slice. Returns `narrowed` if Postgres refused several tallies, so that the next slice has fewer. Returns
   * `skipped` if it refused a single tally, which is skipped from now on. Returns `failed` if the tallies are not the
   * cause.
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

  /** Stops skipping tallies, so that they are tried again. */
  forget(): void {
    this.#skipped = [];
  }

  /** Halves the size of the next slice. A slice has at least one tally. */
  shrink(): void {
    this.#cells = Math.max(1, Math.floor(this.#cells / 2));
  }
}
