import type { Runtime } from "../runtime/runtime.js";
import { splitBatch, tenantOf } from "./split-batch.js";
import type { Batch } from "./waiting-line.js";

/** A batch whose insert is in flight, or a part of a split batch that waits for its insert. */
export interface InFlightBatch {
  readonly batch: Batch;
  /** The tenant of all its records. `null` if there are several tenants. */
  readonly tenantId: string | null;
  /** When the batch started. For a part of a split batch, when the original batch started. */
  readonly startedAt: number;
  /** The search that this batch is a part of. */
  search: SlowSearch | null;
  /** Whether the batch has records of a tenant that is known to be slow. */
  isKnown: boolean;
  /** Whether the batch was already aborted once, at a time when no part had been fast yet. */
  readonly wasDeferred: boolean;
}

export function newInFlightBatch(batch: Batch, startedAt: number): InFlightBatch {
  return { batch, tenantId: tenantOf(batch), startedAt, search: null, isKnown: false, wasDeferred: false };
}

/** The pause after a search in which no part was fast. In that case the whole store is slow, and not single records. */
const PAUSE_MS = 30_000;

/**
 * Finds the records that make a batch slow. It splits the batch until these records are alone, so that all other records
 * are done in time. It splits one batch at a time (except by `joins`), and continues only after a part was fast. So a store
 * that is slow as a whole gets little extra work.
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

  /** Returns whether to abort a slow insert. Its unsettled records are then passed to {@link add}. */
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

  /**
   * Begins to split a batch that has records of several tenants, one of which is known to be slow. It does so even if
   * another batch is being split.
   */
  joins(inFlight: InFlightBatch): void {
    if (inFlight.search !== this) this.#open++;
    inFlight.search = this;
    inFlight.isKnown = true;
  }

  /**
   * Splits the batch of an aborted insert and adds the parts. If waiting parts must come first, adds the batch as one
   * part.
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

  /** Takes the first waiting part that `takes` accepts, without its records that were settled in the meantime. */
  take(takes: (inFlight: InFlightBatch) => boolean): InFlightBatch | null {
    for (let index = this.#waiting.findIndex(takes); index >= 0; index = this.#waiting.findIndex(takes)) {
      const [inFlight] = this.#waiting.splice(index, 1) as [InFlightBatch];
      const [batch] = splitBatch(inFlight.batch, 1);
      if (batch !== undefined) return { ...inFlight, batch };
      this.ended(false);
    }
    return null;
  }

  /** Call it when a part or the aborted batch has ended, after the parts of an aborted insert were added. */
  ended(wasFast: boolean): void {
    this.#open--;
    if (wasFast) this.#fast++;
    if (this.#open > 0) return;
    if (this.#fast === 0) this.#inVainAt = this.#runtime.now();
    this.#fast = 0;
  }
}
