import type { Runtime } from "../runtime/runtime.js";

/**
 * Maximum time that records wait for an insert in flight although a slot is free. An insert that takes longer probably
 * hangs or is being retried.
 */
const PATIENCE_MS = 50;

/** A timer that calls `onEnd` when records have waited for {@link PATIENCE_MS} although a slot is free. */
export class Patience {
  readonly #runtime: Pick<Runtime, "setTimeout" | "clearTimeout">;
  readonly #onEnd: () => void;
  #timer: unknown;

  constructor(runtime: Pick<Runtime, "setTimeout" | "clearTimeout">, onEnd: () => void) {
    this.#runtime = runtime;
    this.#onEnd = onEnd;
  }

  /** Starts the timer if records wait and it is not running. Stops it if no records wait. */
  set(waits: boolean): void {
    if (waits && this.#timer === undefined) {
      this.#timer = this.#runtime.setTimeout(() => {
        this.#timer = undefined;
        this.#onEnd();
      }, PATIENCE_MS);
    } else if (!waits && this.#timer !== undefined) {
      this.#runtime.clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }
}
