import type { Runtime } from "../runtime/runtime.js";
import { splitBatch, tenantOf } from "./split-batch.js";
import type { Batch } from "./waiting-line.js";

/** A batch on its way into the store. */
export interface Flight {
  readonly batch: Batch;
  /** The tenant of all its records; `null` where there are several. */
  readonly tenantId: string | null;
  /** When the batch began of which this is a part. */
  readonly startedAt: number;
  /** What it is a part of. */
  search: SlowSearch | null;
  /** Whether a tenant of it is known to be slow. */
  isKnown: boolean;
  /** Whether it was given up once before any part was fast. */
  readonly wasDeferred: boolean;
}

export function newFlight(batch: Batch, startedAt: number): Flight {
  return { batch, tenantId: tenantOf(batch), startedAt, search: null, isKnown: false, wasDeferred: false };
}

/** How long no further batch is split after one of which no part was fast: then it is the store that is slow. */
const PAUSE_MS = 30_000;

/**
 * Looks for the records that make a batch slow: splits it until they stand alone, so that their neighbours are done in
 * time. It splits one batch at a time, and goes on only once a part was fast, so a store that is slow as a whole gets
 * little extra work.
 */
export class SlowSearch {
  readonly #runtime: Pick<Runtime, "now">;
  readonly #waiting: Flight[] = [];
  /** What has not ended of the batch that is split: itself, or its parts. */
  #open = 0;
  #fast = 0;
  #inVainAt = Number.NEGATIVE_INFINITY;

  constructor(runtime: Pick<Runtime, "now">) {
    this.#runtime = runtime;
  }

  /** Whether parts wait. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether a slow flight is to be given up. What is not settled of it then is handed to {@link add}. */
  begins(flight: Flight): boolean {
    const { batch, wasDeferred } = flight;
    if (flight.search === this && this.#fast === 0) return this.isWaiting && !wasDeferred;
    if (splitBatch(batch).length < 2) return false;
    if (flight.search === this) return true;
    const isPaused = Math.abs(this.#runtime.now() - this.#inVainAt) < PAUSE_MS;
    if (this.#open > 0 || isPaused) return false;
    this.#open = 1;
    flight.search = this;
    return true;
  }

  /** A flight of several tenants of which one is known to be slow: it is split whatever else is under way. */
  joins(flight: Flight): void {
    if (flight.search !== this) this.#open++;
    flight.search = this;
    flight.isKnown = true;
  }

  /** Takes over a flight that was given up, in parts; whole where others that wait must come first. */
  add({ batch, startedAt, isKnown }: Flight): void {
    const defers = !isKnown && this.#open > 1 && this.#fast === 0;
    const batches = splitBatch(batch, defers ? 1 : undefined);
    for (const each of batches) {
      const flight = { batch: each, tenantId: tenantOf(each), startedAt, search: this, isKnown: false };
      this.#waiting.push({ ...flight, wasDeferred: defers });
    }
    this.#open += batches.length;
  }

  /** The first part that waits and that `takes` accepts, without what was settled meanwhile. */
  take(takes: (flight: Flight) => boolean): Flight | null {
    for (let index = this.#waiting.findIndex(takes); index >= 0; index = this.#waiting.findIndex(takes)) {
      const [flight] = this.#waiting.splice(index, 1) as [Flight];
      const [batch] = splitBatch(flight.batch, 1);
      if (batch !== undefined) return { ...flight, batch };
      this.ended(false);
    }
    return null;
  }

  /** A part has ended, or the batch itself that was given up. What goes on of it is added before. */
  ended(wasFast: boolean): void {
    this.#open--;
    if (wasFast) this.#fast++;
    if (this.#open > 0) return;
    if (this.#fast === 0) this.#inVainAt = this.#runtime.now();
    this.#fast = 0;
  }
}
