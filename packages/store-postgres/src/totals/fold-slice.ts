import type { Ask } from "../connection/connections.js";
import { countIn } from "../connection/count-in.js";
import { inSessionTransaction } from "../connection/session-transaction.js";
import { leavesConnectionSound } from "../connection/sqlstate.js";
import type { FoldStatements } from "./fold-statement.js";

export interface SliceOptions {
  /** The most cells to fold. A single tally is folded whatever its size. */
  readonly cells: number;
  /** Places of tallies to leave out. */
  readonly skipped: readonly string[];
  /** Whether to wait while another process holds the lock. @defaultValue false */
  readonly waits?: boolean;
}

/** What became of one slice. */
export type Slice =
  /** Another process is folding, or totals must not move now. */
  | { readonly outcome: "busy" }
  /** `isLast`: nothing was left but what was skipped. */
  | { readonly outcome: "folded"; readonly tallies: number; readonly cells: number; readonly isLast: boolean }
  | FailedSlice;

/** Nothing was folded of the tallies at these places. */
export interface FailedSlice {
  readonly outcome: "failed";
  readonly error: unknown;
  readonly places: string;
  readonly tallies: number;
  readonly cells: number;
}

/**
 * A `statement_timeout` of the pool is there for calls that somebody awaits; a fold that it cancels starts again from
 * nothing. `jit`: compiling takes longer than the statement.
 */
const SETTINGS = "set local statement_timeout = 0; set local jit = off";
const NO_LOCK_TIMEOUT = "set local lock_timeout = 0";
/** So that a fold does not keep its connection while another session locks a table for long. */
const LOCK_TIMEOUT = "set local lock_timeout = '10s'";

/**
 * Folds some tallies in a transaction of its own: all of them or none. `ask` throws as {@link Ask} of a session does.
 * @throws EvtError of `ask`, unless the fold itself failed and the connection is sound
 */
export async function foldSlice(ask: Ask, statements: FoldStatements, options: SliceOptions): Promise<Slice> {
  const { waits = false } = options;
  const settings = `${SETTINGS}; ${waits ? NO_LOCK_TIMEOUT : LOCK_TIMEOUT}`;
  let tried: Chosen | undefined;
  try {
    return await inSessionTransaction({ ask }, settings, async () => {
      if (waits) {
        await ask(statements.lock());
        await ask({ text: LOCK_TIMEOUT });
      }
      tried = await chosen(ask, statements, options);
      return folded(ask, statements, tried);
    });
  } catch (error) {
    if (tried === undefined || !leavesConnectionSound(error)) throw error;
    const { places, tallies, cells } = tried;
    return { outcome: "failed", error, places, tallies, cells };
  }
}

export interface Chosen {
  readonly isFree: boolean;
  readonly places: string;
  readonly tallies: number;
  readonly cells: number;
  readonly isAll: boolean;
}

/** For a transaction that is under way. */
export async function chosen(
  ask: Ask,
  statements: FoldStatements,
  { cells, skipped }: SliceOptions,
): Promise<Chosen> {
  const [row] = await ask(statements.choose(cells, skipped));
  const tallies = countIn(row, "tallies");
  return {
    isFree: row?.["is_free"] === "true",
    places: String(row?.["places"]),
    tallies,
    cells: countIn(row, "cells"),
    isAll: countIn(row, "candidates") === tallies,
  };
}

/** For a transaction that is under way. */
export async function folded(ask: Ask, statements: FoldStatements, tried: Chosen): Promise<Slice> {
  if (!tried.isFree) return { outcome: "busy" };
  if (tried.tallies === 0) return { outcome: "folded", tallies: 0, cells: 0, isLast: true };
  const [row] = await ask(statements.fold(tried.places));
  const { cells, isAll: isLast } = tried;
  return { outcome: "folded", tallies: countIn(row, "folded"), cells, isLast };
}
