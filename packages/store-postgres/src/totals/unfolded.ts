import { countIn } from "../connection/count-in.js";
import { CELLS_OF_TALLY } from "./tally-cells.js";

/** The tallies of all processes that are not folded into rollups yet. Totals include them. */
export interface Unfolded {
  /** The number of tallies, at most 100,000. A tally contains the totals of one insert and tenant. */
  readonly tallies: number;
  /** The number of cells in these tallies. A cell is a total of one client, metric, unit and quarter hour. */
  readonly cells: number;
  /** The age of the oldest of these tallies in milliseconds, by the database's clock. `null` if nothing is unfolded. */
  readonly oldestMs: number | null;
  /** True if there may be more tallies. The other members then describe 100,000 of them. */
  readonly isPartial: boolean;
}

/** Bounds the time to count tallies after folding has failed for long. */
export const MOST_TALLIES_COUNTED = 100_000;

/** Returns SQL for one row that {@link unfoldedOf} reads. It reads no cell, because arrays are stored apart. */
export const unfoldedSql = (schema: string): string => `
select count(*)::text as tallies, coalesce(sum(cells), 0)::text as cells,
       greatest(0, floor(extract(epoch from clock_timestamp() - min(inserted_at)) * 1000))::int8::text as oldest_ms
  from (select ${CELLS_OF_TALLY} as cells, inserted_at from ${schema}.tally limit ${MOST_TALLIES_COUNTED}) as tally`;

export function unfoldedOf(row: Readonly<Record<string, unknown>> | undefined): Unfolded {
  const tallies = countIn(row, "tallies");
  const oldestMs = tallies === 0 ? null : countIn(row, "oldest_ms");
  return { tallies, cells: countIn(row, "cells"), oldestMs, isPartial: tallies === MOST_TALLIES_COUNTED };
}
