import type { Runtime } from "../runtime/runtime.js";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export interface FakeRuntimeOptions {
  /** The time at which the clock starts, ISO 8601. @defaultValue "2026-03-01T12:00:00.000Z" */
  readonly start?: string | undefined;
  /** Returns the random numbers in [0, 1) that evt uses for jitter. @defaultValue always 0 */
  readonly random?: (() => number) | undefined;
}

/**
 * A runtime for tests. Its clock moves only when `advance` is called, and its receipt ids ascend. Pauses and timers of 0
 * ms end without `advance`.
 *
 * @example
 * const runtime = new FakeRuntime();
 * const evt = createEvt({ store: new MemoryStore(), runtime });
 * await runtime.advance(60_000); // one minute passes, and timers that are due fire
 */
export class FakeRuntime implements Runtime {
  random: () => number;
  #now: number;
  #drawn = 0;
  readonly #timers = new Map<number, Timer>();

  constructor({ start = "2026-03-01T12:00:00.000Z", random = () => 0 }: FakeRuntimeOptions = {}) {
    this.#now = Date.parse(start);
    this.random = random;
  }

  now = () => this.#now;

  receiptId = () => (++this.#drawn).toString(16).padStart(32, "0");

  setTimeout = (callback: () => void, ms: number): number => {
    const timer = ++this.#drawn;
    if (ms === 0) setImmediate(callback);
    else this.#timers.set(timer, { at: this.#now + ms, callback });
    return timer;
  };

  pause = () => new Promise<void>((resolve) => void setImmediate(resolve));

  clearTimeout = (timer: unknown) => {
    this.#timers.delete(timer as number);
  };

  /** The number of timers that are set, without timers of 0 ms. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves the clock forward by `ms` milliseconds, and fires the timers that are due. */
  async advance(ms: number): Promise<void> {
    this.#now += ms;
    for (const [id, { at, callback }] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(id);
      callback();
    }
    await settle();
  }
}

/** Resolves two turns of the event loop later, after pending promises and immediates have run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
