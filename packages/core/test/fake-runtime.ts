import type { Runtime } from "../src/runtime/runtime.js";

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only when told to, no chance, and receipt ids in order. Pauses of no length end by themselves. */
export class FakeRuntime implements Runtime {
  #now: number;
  #drawn = 0;
  readonly #timers = new Map<number, Timer>();

  constructor(start = "2026-03-01T12:00:00.000Z") {
    this.#now = Date.parse(start);
  }

  now = () => this.#now;

  random = () => 0;

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

  /** How many timers are still set: none is, once every call is answered. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and what waits for it happen. */
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

/** Lets everything happen that needs no time. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
