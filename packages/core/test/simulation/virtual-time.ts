import type { Runtime } from "../../src/runtime/runtime.js";
import { seededRandom } from "../../src/testing/seeded-random.js";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
  readonly ofCore: boolean;
}

/** A clock that jumps from timer to timer, and randomness from a seed, so that runs are reproducible. */
export class VirtualTime implements Runtime {
  readonly start = Date.parse("2026-03-01T12:00:00.000Z");
  /** Called with every receipt id that core draws. */
  onReceipt: (receiptId: string) => void = () => undefined;
  readonly random: () => number;
  #now = this.start;
  #drawn = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  now = () => this.#now;

  receiptId = () => {
    const receiptId = (++this.#drawn).toString(16).padStart(32, "0");
    this.onReceipt(receiptId);
    return receiptId;
  };

  setTimeout = (callback: () => void, ms: number) => this.#set(callback, ms, true);

  pause = () => Promise.resolve();

  clearTimeout = (timer: unknown) => void this.#timers.delete(timer as number);

  /** For the world around core. Not counted in `ofCore`. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#set(resolve, ms, false));
  }

  after(ms: number, callback: () => void): void {
    this.#set(callback, ms, false);
  }

  /** How many timers core has set. 0 once every call has returned. */
  get ofCore(): number {
    return [...this.#timers.values()].filter(({ ofCore }) => ofCore).length;
  }

  get hasTimers(): boolean {
    return this.#timers.size > 0;
  }

  /** Moves the clock to the next timer and fires it. Of several timers at one time, the one that was set first fires. */
  passToNext(): void {
    let next: [number, Timer] | undefined;
    for (const each of this.#timers) if (next === undefined || each[1].at < next[1].at) next = each;
    if (next === undefined) return;
    const [id, { at, callback }] = next;
    this.#timers.delete(id);
    this.#now = Math.max(this.#now, at);
    callback();
  }

  #set(callback: () => void, ms: number, ofCore: boolean): number {
    this.#timers.set(++this.#drawn, { at: this.#now + ms, callback, ofCore });
    return this.#drawn;
  }
}
