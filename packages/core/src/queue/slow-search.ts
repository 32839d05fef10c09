import type { Runtime } from "../runtime/runtime.js";
import { splitBatch, tenantOf } from "./split-batch.js";
import type { Batch } from "./waiting-line.js";

/** A batch whose insert is in flight, or a waiting part of a split batch. */
export interface InFlightBatch {
  readonly batch: Batch;
  /** The tenant of all its records. `null` if there are several tenants. */
  readonly tenantId: string | null;
  /**
   * When the insert of the batch started, in Unix milliseconds. For a part of a split batch, when the insert of the
   * original batch started.
   */
  readonly startedAt: number;
  /** The search to which this batch belongs. `null` if it belongs to none. */
  search: SlowSearch | null;
  /** Whether the batch joined the search because one of its tenants is known to be slow. */
  isKnown: boolean;
  /** Whether the batch was already aborted once and not split, because waiting parts had to come first. */
  readonly wasDeferred: boolean;
}

export function newInFlightBatch(batch: Batch, startedAt: number): InFlightBatch {
  return { batch, tenantId: tenantOf(batch), startedAt, search: null, isKnown: false, wasDeferred: false };
}

/**
 * The pause after a search in which no part was fast, in milliseconds. The whole store is then slow, and not single
 * records.
 */
const PAUSE_MS = 30_000;

/**
 * Finds the records that make a batch slow. Splits the batch until these records are alone, so that all other records
 * can be inserted in time. Splits one batch at a time, except for batches that {@link joins} adds. Splits a part again
 * only after another part was fast. So a store that is slow as a whole gets little extra work.
 */
export class SlowSearch {
  readonly #runtime: Pick<Runtime, "now">;
  readonly #waiting: InFlightBatch[] = [];
  /** The number of batches and parts in this search that have not ended. */
  #open = 0;
  #fast = 0;
  #inVainAt = Number.NEGATIVE_INFINITY;

  constructor(runtime: Pick<Runtime, "now">) {
    this.#runtime = runtime;
  }

  /** Whether any part waits. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Returns whether to abort a slow insert. If so, pass the batch to {@link add} after its insert has ended. */
  begins(inFlight: InFlightBatch): boolean {
    const { batch, wasDeferred } = inFlight;
    if (inFlight.search === this && this.#fast === 0) return this.isWaiting && !wasDeferred;
    if (splitBatch(batch).length < 2) return false;
    if (inFlight.search === this) return true;
    const isPaused = Math.abs(this.#runtime.now() - this.#inVainAt) < PAUSE_MS;
    if (this.#open > 0 || isPaused) return false;
    this.#open = 1;
    inFlight.search = this;
    return true;
  }

  /** Adds a batch of several tenants, one of which is known to be slow. Does so even while another batch is split. */
  joins(inFlight: InFlightBatch): void {
    if (inFlight.search !== this) this.#open++;
    inFlight.search = this;
    inFlight.isKnown = true;
  }

  /**
   * Splits the batch of an aborted insert, and lets the parts wait. If other parts must come first, lets the batch wait
   * as one part.
   */
  add({ batch, startedAt, isKnown }: InFlightBatch): void {
    const defers = !isKnown && this.#open > 1 && this.#fast === 0;
    const batches = splitBatch(batch, defers ? 1 : undefined);
    for (const each of batches) {
      const inFlight = { batch: each, tenantId: tenantOf(each), startedAt, search: this, isKnown: false };
      this.#waiting.push({ ...inFlight, wasDeferred: defers });
    }
    this.#open += batches.length;
  }

  /**
   * Takes the first waiting part that `takes` accepts, without the records that have a result by now. Returns `null` if
   * there is none.
   */
  take(takes: (inFlight: InFlightBatch) => boolean): InFlightBatch | null {
    for (let index = this.#waiting.findIndex(takes); index >= 0; index = this.#waiting.findIndex(takes)) {
      const [inFlight] = this.#waiting.splice(index, 1) as [InFlightBatch];
      const [batch] = splitBatch(inFlight.batch, 1);
      if (batch !== undefined) return { ...inFlight, batch };
      this.ended(false);
    }
    return null;
  }

  /** Notes that a batch of this search has ended. For an aborted insert, call {@link add} first. */
  ended(wasFast: boolean): void {
    this.#open--;
    if (wasFast) this.#fast++;
    if (this.#open > 0) return;
    if (this.#fast === 0) this.#inVainAt = this.#runtime.now();
    this.#fast = 0;
  }
}
