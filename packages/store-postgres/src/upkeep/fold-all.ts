import { isEvtError } from "@evt/core/store";
import type { Query } from "../connection/connections.js";
import { countIn } from "../connection/count-in.js";
import { statementError } from "../connection/sqlstate.js";
import { unprepared } from "../connection/statement.js";
import { type SqlQuery, sessionQuery } from "../connection/transaction.js";
import { FoldPace } from "../totals/fold-pace.js";
import { chooseTallies, foldSlice, foldTallies } from "../totals/fold-slice.js";
import { FoldStatements } from "../totals/fold-statement.js";
import { CELLS_OF_TALLY } from "../totals/tally-cells.js";

/** After this number of failed slices in a row, folding stops. */
const MOST_FAILURES = 5;

/** The result of {@link foldAll}. */
export interface FoldedAll {
  /** The number of folded tallies. */
  readonly folded: number;
  /** The error if Postgres refused to fold single tallies. `null` if it folded all of them. */
  readonly refusal: Error | null;
}

/**
 * Folds every tally in slices. Each slice is one transaction. Waits for its turn while other processes fold. Ends when
 * nothing is left, or when it has folded as many cells as existed at its start.
 * @param firstCells - Maximum number of cells in the first slice. Default: {@link FoldPace}'s.
 * @throws any error that `pg` throws
 */
export async function foldAll(schema: string, query: SqlQuery, firstCells?: number): Promise<FoldedAll> {
  const throwingQuery = likeSession(query);
  const statements = new FoldStatements(schema, unprepared);
  let cellsToFold = await cellsIn(schema, query);
  const pace = new FoldPace(firstCells);
  const refusals: unknown[] = [];
  for (let total = 0, failures = 0, after = ""; ; ) {
    const began = performance.now();
    const slice = await foldSlice(throwingQuery, statements, { ...pace.next, after, waits: true }).catch(
      rethrowCause,
    );
    if (slice.outcome === "folded") {
      failures = 0;
      after = slice.last;
      total += slice.tallies;
      cellsToFold -= slice.cells;
      pace.took(performance.now() - began, slice.isLast);
      if (slice.isLast || cellsToFold <= 0) return { folded: total, refusal: refusalOf(refusals) };
    } else if (slice.outcome === "failed") {
      const became = pace.failed(slice);
      if (became === "skipped") refusals.push(slice.error);
      if (became !== "narrowed" && ++failures === MOST_FAILURES) rethrowCause(slice.error);
    }
  }
}

/** Folds every tally within the current transaction. The transaction must hold the lock. */
export async function foldAllWithin(schema: string, query: SqlQuery): Promise<void> {
  const plainQuery = sessionQuery(query);
  const statements = new FoldStatements(schema, unprepared);
  const slices = { ...new FoldPace().next, after: "" };
  for (;;) {
    const chosen = await chooseTallies(plainQuery, statements, slices);
    const slice = await foldTallies(plainQuery, statements, chosen);
    if (slice.outcome === "folded" && slice.isLast) return;
  }
}

/** Returns a query function that throws the same errors as a session, because the error codes show the cause. */
function likeSession(query: SqlQuery): Query {
  const plainQuery = sessionQuery(query);
  return (statement) =>
    plainQuery(statement).catch((error: unknown) => {
      throw statementError(error);
    });
}

/** Rethrows the original error, because upkeep throws the errors of `pg` unchanged. */
function rethrowCause(error: unknown): never {
  throw isEvtError(error) && error.cause !== undefined ? error.cause : error;
}

function refusalOf([first, ...others]: readonly unknown[]): Error | null {
  if (first === undefined) return null;
  const which = others.length === 0 ? "one tally" : `${others.length + 1} tallies`;
  const cause = isEvtError(first) ? first.cause : first;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `${which} cannot be folded: ${why}. All others are folded, and totals include every tally`,
    { cause },
  );
}

async function cellsIn(schema: string, query: SqlQuery): Promise<number> {
  const [row] = await query(`select coalesce(sum(${CELLS_OF_TALLY}), 0)::text as cells from ${schema}.tally`);
  return countIn(row, "cells");
}
