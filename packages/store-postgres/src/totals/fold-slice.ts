import type { Query } from "../connection/connections.js";
import { countIn } from "../connection/count-in.js";
import { inSessionTransaction } from "../connection/session-transaction.js";
import { leavesConnectionReusable } from "../connection/sqlstate.js";
import type { FoldStatements } from "./fold-statement.js";
import type { SliceOptions } from "./slice-options.js";

/** The outcome of one slice. */
export type Slice =
  /** Nothing was folded, because another process is folding or has locked the totals. */
  | { readonly outcome: "busy"; readonly unfolded: number }
  /** Some tallies were folded. `isLast` is true if only skipped tallies are left. */
  | {
      readonly outcome: "folded";
      readonly tallies: number;
      readonly cells: number;
      /** About the number of cells that are left. */
      readonly unfolded: number;
      /** The last tenant of the slice. */
      readonly last: string;
      readonly isLast: boolean;
    }
  | FailedSlice;

/** A failed slice. None of the tallies at these places was folded. */
export interface FailedSlice {
  readonly outcome: "failed";
  readonly error: unknown;
  readonly places: string;
  readonly tallies: number;
  readonly cells: number;
}

/**
 * The settings of a fold's transaction. The pool's `statement_timeout` is intended for calls with a waiting caller. If it
 * cancelled a fold, the fold would start again. `jit` is off, because compiling takes longer than the statement.
 */
const SETTINGS = "set local statement_timeout = 0; set local jit = off";
const NO_LOCK_TIMEOUT = "set local lock_timeout = 0";
/** Limits how long a fold keeps its connection while another session locks a table. */
const LOCK_TIMEOUT = "set local lock_timeout = '10s'";

/**
 * Folds some tallies in one transaction. `query` throws the same errors as a session's {@link Query}.
 * @throws EvtError of `query`, unless the fold itself failed and the connection can be reused
 */
export async function foldSlice(
  query: Query,
  statements: FoldStatements,
  options: SliceOptions,
): Promise<Slice> {
  const { waits = false } = options;
  const settings = `${SETTINGS}; ${waits ? NO_LOCK_TIMEOUT : LOCK_TIMEOUT}`;
  let tried: Chosen | undefined;
  try {
    return await inSessionTransaction({ query }, settings, async () => {
      if (waits) {
        await query(statements.lock());
        await query({ text: LOCK_TIMEOUT });
      }
      tried = await chooseTallies(query, statements, options);
      return foldTallies(query, statements, tried);
    });
  } catch (error) {
    if (tried === undefined || !leavesConnectionReusable(error)) throw error;
    const { places, tallies, cells } = tried;
    return { outcome: "failed", error, places, tallies, cells };
  }
}

export interface Chosen {
  readonly isFree: boolean;
  readonly places: string;
  readonly tallies: number;
  readonly cells: number;
  /** About the number of cells of all tallies. */
  readonly unfolded: number;
  readonly last: string;
  readonly isAll: boolean;
}

/** Chooses tallies within the current transaction. */
export async function chooseTallies(
  query: Query,
  statements: FoldStatements,
  options: SliceOptions,
): Promise<Chosen> {
  const [row] = await query(statements.choose(options));
  const tallies = countIn(row, "tallies");
  return {
    isFree: row?.["is_free"] === "true",
    places: String(row?.["places"]),
    tallies,
    cells: countIn(row, "cells"),
    unfolded: countIn(row, "unfolded"),
    last: String(row?.["last"] ?? ""),
    isAll: countIn(row, "candidates") === tallies,
  };
}

/** Folds the chosen tallies within the current transaction. */
export async function foldTallies(query: Query, statements: FoldStatements, tried: Chosen): Promise<Slice> {
  const { cells, unfolded, last, isAll: isLast } = tried;
  if (!tried.isFree) return { outcome: "busy", unfolded };
  if (tried.tallies === 0) return { outcome: "folded", tallies: 0, cells: 0, unfolded, last, isLast: true };
  const [row] = await query(statements.fold(tried.places));
  const long = row?.["long"];
  if (typeof long === "string") await query(statements.merge(long));
  return {
    outcome: "folded",
    tallies: countIn(row, "folded"),
    cells,
    unfolded: Math.max(0, unfolded - cells),
    last,
    isLast,
  };
}
