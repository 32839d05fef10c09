import type { Connections } from "../connection/connections.js";
import { backgroundTimers, type Timers } from "../time/timers.js";
import { FoldPace } from "./fold-pace.js";
import { type FailedSlice, foldSlice, type Slice } from "./fold-slice.js";
import type { FoldStatements } from "./fold-statement.js";

export interface FolderOptions {
  readonly connections: Connections;
  readonly statements: FoldStatements;
  /** The number of inserts after which to fold. 0 disables folding. */
  readonly every: number;
  /** Called with every failure. Must not throw. */
  readonly onError: (error: unknown) => void;
  /** Called with every slice that folded tallies. Must not throw. */
  readonly onFold?: (slice: FoldedSlice) => void;
  readonly timers?: Timers;
  /** Maximum number of cells in the first slice. Default: {@link FoldPace}'s. */
  readonly firstCells?: number;
  /**
   * Maximum number of unfolded cells. Every total reads the unfolded cells of its tenant, so inserts slow down instead of
   * totals. @defaultValue 50_000
   */
  readonly mostUnfolded?: number;
}

/** A slice that a store folded. */
export interface FoldedSlice {
  /** The number of folded tallies. A tally contains the totals of one insert and tenant. */
  readonly tallies: number;
  /** The number of cells in these tallies. A cell is a total of one client, metric, unit and quarter hour. */
  readonly cells: number;
  /** The duration of the slice in milliseconds, from the request of a connection to the end of the commit. */
  readonly ms: number;
  /** The number of cells of all processes that were left, at most those of 100,000 tallies. */
  readonly unfoldedCells: number;
}

/** The state of a store's folds. */
export interface FolderState {
  /** True if the store delays inserts of 100 or more records now, because too much is unfolded. */
  readonly delaysInserts: boolean;
  /** The number of folds that failed since the last fold that succeeded. Each failure has its own pause. */
  readonly failures: number;
  /** The error of the last fold. `null` if the last fold succeeded, or if there was none. */
  readonly error: unknown;
  /** The number of tallies that the store skips, because Postgres refused to fold them. It soon tries them again. */
  readonly skipped: number;
}

/** The number of totals that a usual insert adds to. An insert that adds to more counts as several inserts. */
const USUAL_CELLS = 16;
/** Tallies of fewer inserts than `every` are folded after this time. */
const IDLE_MS = 30_000;
/** Limits the wait for a connection that no longer responds. Even a slow slice takes only seconds. */
const TIMEOUT_MS = 300_000;
/** The pause after a slice, as a fraction of the slice's duration. Without a pause if many cells are left. */
const REST = 0.25;
const MOST_UNFOLDED = 50_000;
/** An insert waits at most this long. Core treats an insert as slow after 250 ms. */
const LONGEST_DELAY_MS = 150;
/** An insert with fewer records does not wait, because it adds few cells. */
const MANY_RECORDS = 100;
/** While another process folds, the time until this one asks how much is left. */
const BUSY_MS = 100;
const NARROWED_MS = 100;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** After this time, skipped tallies are tried again. */
const FORGET_MS = 600_000;

/**
 * Folds the tallies of a store's inserts into rollups, slice after slice until none is left. Runs concurrently with
 * inserts, and delays them only while too much is unfolded. After a failure, the tallies are kept, so totals still include them and a later fold
 * tries them again.
 */
export class Folder {
  readonly #options: FolderOptions;
  readonly #timers: Timers;
  readonly #pace: FoldPace;
  readonly #mostUnfolded: number;
  #weight = 0;
  /** About the number of cells that are not folded, of all processes. */
  #unfolded = 0;
  readonly #delayed = new Set<() => void>();
  #failures = 0;
  #error: unknown = null;
  /** The tenant whose turn was last. */
  #last = "";
  #forgotAt = performance.now();
  #closed = false;
  #timer: unknown;
  #folding: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#timers = options.timers ?? backgroundTimers;
    this.#pace = new FoldPace(options.firstCells);
    this.#mostUnfolded = options.mostUnfolded ?? MOST_UNFOLDED;
  }

  /** Notes an insert and the number of cells of its tallies. */
  note(cells: number): void {
    const { every } = this.#options;
    if (every === 0 || this.#closed) return;
    this.#weight += Math.max(1, cells / USUAL_CELLS);
    this.#unfolded += cells;
    // a failed fold is retried after its pause, not with the next insert
    if (this.#folding !== undefined || this.#failures > 0) return;
    if (this.#weight >= every) this.#begin();
    else this.#beginAfter(IDLE_MS);
  }

  get state(): FolderState {
    const skipped = this.#pace.next.skipped.length;
    return { delaysInserts: this.#delaysInserts, failures: this.#failures, error: this.#error, skipped };
  }

  /**
   * Delays an insert of many records while too much is unfolded: until the next slice ends, or for a short time. While
   * folding fails, inserts are not delayed.
   */
  async slowDown(records: number): Promise<void> {
    if (records < MANY_RECORDS || !this.#delaysInserts) return;
    if (this.#folding === undefined) this.#begin();
    await new Promise<void>((resolve) => {
      const timer = this.#timers.setTimeout(() => end(), LONGEST_DELAY_MS);
      const end = () => {
        this.#timers.clearTimeout(timer);
        this.#delayed.delete(end);
        resolve();
      };
      this.#delayed.add(end);
    });
  }

  /**
   * Does not start another slice, and resolves when the current slice has ended. Later folds handle the remaining
   * tallies.
   */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.clearTimeout(this.#timer);
    this.#wake();
    this.#endDelays();
    await this.#folding;
  }

  get #delaysInserts(): boolean {
    if (this.#options.every === 0 || this.#closed) return false;
    return this.#unfolded > this.#mostUnfolded && this.#failures === 0;
  }

  #beginAfter(ms: number): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = this.#timers.setTimeout(() => this.#begin(), ms);
  }

  #begin(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#weight = 0;
    this.#folding = this.#fold().then((againMs) => {
      this.#folding = undefined;
      const nextMs = againMs ?? (this.#weight > 0 ? IDLE_MS : null);
      if (nextMs !== null) this.#beginAfter(nextMs);
    });
  }

  /** Returns the milliseconds until the next fold, or `null` if nothing is left. */
  async #fold(): Promise<number | null> {
    this.#forgetInTime();
    while (!this.#closed) {
      const began = performance.now();
      const slice = await this.#slice().catch((error: unknown) => ({ outcome: "broken" as const, error }));
      const ms = performance.now() - began;
      if ("unfolded" in slice) this.#unfolded = slice.unfolded;
      // nothing was folded, so delayed inserts wait on
      if (slice.outcome === "busy") return this.#unfolded > this.#mostUnfolded ? BUSY_MS : IDLE_MS;
      this.#endDelays();
      if (slice.outcome === "broken") return this.#broken(slice.error);
      if (slice.outcome === "failed") return this.#refused(slice);
      this.#succeeded(slice, ms);
      this.#last = slice.last;
      this.#pace.took(ms, slice.isLast);
      if (slice.isLast) return null;
      if (this.#unfolded < this.#mostUnfolded / 2) await this.#rest(ms * REST);
    }
    return null;
  }

  #succeeded({ tallies, cells, unfolded }: Extract<Slice, { outcome: "folded" }>, ms: number): void {
    this.#failures = 0;
    this.#error = null;
    if (tallies > 0) this.#options.onFold?.({ tallies, cells, ms, unfoldedCells: unfolded });
  }

  #slice(): Promise<Slice> {
    const { connections, statements } = this.#options;
    const call = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    return connections.run(call, ({ query }) =>
      foldSlice(query, statements, { ...this.#pace.next, after: this.#last }),
    );
  }

  #refused(slice: FailedSlice): number {
    return this.#pace.failed(slice) === "narrowed" ? NARROWED_MS : this.#failed(slice.error);
  }

  #broken(error: unknown): number {
    this.#pace.shrink();
    return this.#failed(error);
  }

  #failed(error: unknown): number {
    this.#error = error;
    this.#options.onError(error);
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
  }

  #forgetInTime(): void {
    if (performance.now() - this.#forgotAt < FORGET_MS) return;
    this.#forgotAt = performance.now();
    this.#pace.forget();
  }

  #endDelays(): void {
    for (const end of this.#delayed) end();
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timers.setTimeout(resolve, ms);
    });
  }
}
