import { inTime } from "@evt/core/adapter";
import type { CountedPoints, RateCounter } from "./rate-counter.js";

/** How long only the insurance counts after an error of the store, in milliseconds. */
const PAUSE_MS = 1_000;

/** Options of `InsuredCounter`. */
export interface InsuredCounterOptions {
  /** Counts while the store fails. If `null`, the error of the store is thrown. */
  readonly insurance: RateCounter | null;
  /** Maximum time for a call of the store, in milliseconds. */
  readonly storeMs: number;
  /** Called with each error of the store. */
  readonly onError: (error: unknown) => void;
  /** A clock that is never set back, in milliseconds. */
  readonly monotonic: () => number;
}

/** Counts in a store. While the store fails or is too slow, counts with the insurance. */
export class InsuredCounter implements RateCounter {
  readonly #store: RateCounter;
  readonly #options: InsuredCounterOptions;
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(store: RateCounter, options: InsuredCounterOptions) {
    this.#store = store;
    this.#options = options;
  }

  penalty(key: string, points: number): Promise<CountedPoints> {
    return this.#change((counter) => counter.penalty(key, points));
  }

  reward(key: string, points: number): Promise<CountedPoints> {
    return this.#change((counter) => counter.reward(key, points));
  }

  async delete(key: string): Promise<void> {
    await this.#options.insurance?.delete(key);
  }

  async #change(change: (counter: RateCounter) => Promise<CountedPoints>): Promise<CountedPoints> {
    const { insurance, monotonic, onError, storeMs } = this.#options;
    if (insurance !== null && monotonic() < this.#pausedUntil) return change(insurance);
    try {
      return await inTime(
        () => change(this.#store),
        storeMs,
        () => tooSlow(storeMs),
      );
    } catch (error) {
      this.#pausedUntil = monotonic() + PAUSE_MS;
      onError(error);
      if (insurance === null) throw error;
      return change(insurance);
    }
  }
}

function tooSlow(ms: number): Error {
  return new Error(`the store of rate limits took longer than ${ms} ms`);
}
