import { isEvtError } from "@evt/core";
import type { Ask } from "../connection/connections.js";
import { countIn } from "../connection/count-in.js";
import { statementError } from "../connection/sqlstate.js";
import { unprepared } from "../connection/statement.js";
import type { Query } from "../connection/transaction.js";
import { FoldPace } from "../totals/fold-pace.js";
import { chosen, folded, foldSlice } from "../totals/fold-slice.js";
import { CELLS_OF_TALLY, FoldStatements } from "../totals/fold-statement.js";

/** Slices that may fail one after the other before the fold is given up. */
const MOST_FAILURES = 5;

/**
 * Folds every tally there is, slice after slice, a transaction each, and returns how many it folded. Waits its turn while
 * others fold. Ends when nothing is left, or when it has folded as many cells as there were when it began.
 * @param firstCells - The most cells of the first slice. Default: that of {@link FoldPace}.
 * @throws what `pg` throws; Error when single tallies cannot be folded, after all others are
 */
export async function foldAll(schema: string, query: Query, firstCells?: number): Promise<number> {
  const ask = asking(query);
  const statements = new FoldStatements(schema, unprepared);
  let cellsToFold = await cellsIn(schema, query);
  const pace = new FoldPace(firstCells);
  const refusals: unknown[] = [];
  for (let total = 0, failures = 0; ; ) {
    const began = performance.now();
    const slice = await foldSlice(ask, statements, { ...pace.next, waits: true }).catch(rethrowCause);
    if (slice.outcome === "folded") {
      failures = 0;
      total += slice.tallies;
      cellsToFold -= slice.cells;
      pace.took(performance.now() - began, slice.isLast);
      if (slice.isLast || cellsToFold <= 0) return refusals.length === 0 ? total : rethrowRefusals(refusals);
    } else if (slice.outcome === "failed") {
      const became = pace.failed(slice);
      if (became === "skipped") refusals.push(slice.error);
      if (became !== "narrowed" && ++failures === MOST_FAILURES) rethrowCause(slice.error);
    }
  }
}

/** Folds every tally within the transaction under way, which holds the lock. */
export async function foldAllWithin(schema: string, query: Query): Promise<void> {
  const ask: Ask = ({ text, values }) => query(text, values);
  const statements = new FoldStatements(schema, unprepared);
  const { next } = new FoldPace();
  for (;;) {
    const slice = await folded(ask, statements, await chosen(ask, statements, next));
    if (slice.outcome === "folded" && slice.isLast) return;
  }
}

/** With the errors of a session, by which it is known what failed. */
function asking(query: Query): Ask {
  return ({ text, values }) =>
    query(text, values).catch((error: unknown) => {
      throw statementError(error);
    });
}

/** Upkeep throws what `pg` throws. */
function rethrowCause(error: unknown): never {
  throw isEvtError(error) && error.cause !== undefined ? error.cause : error;
}

function rethrowRefusals([first, ...others]: readonly unknown[]): never {
  const which = others.length === 0 ? "one tally" : `${others.length + 1} tallies`;
  const cause = isEvtError(first) ? first.cause : first;
  const why = cause instanceof Error ? cause.message : String(cause);
  throw new Error(
    `${which} cannot be folded: ${why}. All others are folded, and totals include what is not`,
    { cause },
  );
}

async function cellsIn(schema: string, query: Query): Promise<number> {
  const [row] = await query(`select coalesce(sum(${CELLS_OF_TALLY}), 0)::text as cells from ${schema}.tally`);
  return countIn(row, "cells");
}
