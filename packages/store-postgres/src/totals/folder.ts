import type { Connections } from "../connection/connections.js";
import type { Timers } from "../connection/time-limit.js";
import { FoldPace } from "./fold-pace.js";
import { type FailedSlice, foldSlice, type Slice } from "./fold-slice.js";
import type { FoldStatements } from "./fold-statement.js";

export interface FolderOptions {
  readonly connections: Connections;
  readonly statements: FoldStatements;
  /** After how many inserts to fold; 0: never. */
  readonly every: number;
  /** Receives every failure. Must not throw. */
  readonly onError: (error: unknown) => void;
  readonly timers?: Timers;
  /** The most cells of the first slice. Default: that of {@link FoldPace}. */
  readonly firstCells?: number;
}

/** An insert that adds to more totals than this counts as several. */
const USUAL_CELLS = 16;
/** What fewer inserts than `every` have tallied is folded after this time. */
const IDLE_MS = 30_000;
/** For a connection that no longer answers. A slice takes seconds. */
const TIMEOUT_MS = 300_000;
/** Between two slices, the part of the first one's time that is left to others. */
const REST = 0.25;
const NARROWED_MS = 100;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** After this time, tallies that could not be folded are tried again. */
const FORGET_MS = 600_000;

/**
 * Folds the tallies of a store's inserts into the rollups, slice after slice until nothing is left, beside further
 * inserts. It never delays a caller. After a failure the tallies stay, are read as they are, and are tried again later.
 */
export class Folder {
  readonly #options: FolderOptions;
  readonly #timers: Timers;
  readonly #pace: FoldPace;
  #weight = 0;
  #failures = 0;
  #forgotAt = performance.now();
  #closed = false;
  #timer: unknown;
  #folding: Promise<void> | undefined;
  #wake: () => void = () => undefined;

  constructor(options: FolderOptions) {
    this.#options = options;
    this.#timers = options.timers ?? unreferenced;
    this.#pace = new FoldPace(options.firstCells);
  }

  /** Told of each insert how many cells its tallies have. */
  note(cells: number): void {
    const { every } = this.#options;
    if (every === 0 || this.#closed) return;
    this.#weight += Math.max(1, cells / USUAL_CELLS);
    // what failed is tried again when its time has come, not with the next insert
    if (this.#folding !== undefined || this.#failures > 0) return;
    if (this.#weight >= every) this.#begin();
    else this.#beginAfter(IDLE_MS);
  }

  /** Begins nothing any more; resolves when the slice under way has ended. What is left is for others, or for later. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.clearTimeout(this.#timer);
    this.#wake();
    await this.#folding;
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

  /** Returns after how many milliseconds to go on; `null`: nothing is left. */
  async #fold(): Promise<number | null> {
    this.#forgetInTime();
    while (!this.#closed) {
      const began = performance.now();
      const slice = await this.#slice().catch((error: unknown) => ({ outcome: "broken" as const, error }));
      const ms = performance.now() - began;
      if (slice.outcome === "busy") return IDLE_MS;
      if (slice.outcome === "broken") return this.#broken(slice.error);
      if (slice.outcome === "failed") return this.#refused(slice);
      this.#failures = 0;
      this.#pace.took(ms, slice.isLast);
      if (slice.isLast) return null;
      await this.#rest(ms * REST);
    }
    return null;
  }

  #slice(): Promise<Slice> {
    const { connections, statements } = this.#options;
    const call = { signal: AbortSignal.timeout(TIMEOUT_MS) };
    return connections.run(call, ({ ask }) => foldSlice(ask, statements, this.#pace.next));
  }

  #refused(slice: FailedSlice): number {
    return this.#pace.failed(slice) === "narrowed" ? NARROWED_MS : this.#failed(slice.error);
  }

  #broken(error: unknown): number {
    this.#pace.shrink();
    return this.#failed(error);
  }

  #failed(error: unknown): number {
    this.#options.onError(error);
    return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
  }

  #forgetInTime(): void {
    if (performance.now() - this.#forgotAt < FORGET_MS) return;
    this.#forgotAt = performance.now();
    this.#pace.forget();
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timers.setTimeout(resolve, ms);
    });
  }
}

/** Folding keeps no process alive. */
const unreferenced: Timers = {
  setTimeout: (callback, ms) => setTimeout(callback, ms).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
