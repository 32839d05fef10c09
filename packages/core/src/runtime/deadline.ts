import { EvtError } from "../evt-error.js";
import type { Runtime } from "./runtime.js";

type Timers = Pick<Runtime, "setTimeout" | "clearTimeout">;

/**
 * A signal that aborts after a time limit, or when the signal of the caller aborts. Must be disposed of.
 *
 * @example
 * const deadline = new Deadline(runtime, 1_000, options.signal);
 * try {
 *   return await before(deadline.signal, () => work(deadline.signal));
 * } finally {
 *   deadline.dispose();
 * }
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timers: Timers;
  readonly #timer: unknown;
  readonly #parent: AbortSignal | undefined;
  readonly #onParent = () => this.#controller.abort(aborted(this.#parent?.reason));

  constructor(timers: Timers, ms: number, parent?: AbortSignal) {
    this.#timers = timers;
    this.#parent = parent;
    this.#timer = timers.setTimeout(() => this.#controller.abort(overdue(ms)), ms);
    if (parent?.aborted) this.#onParent();
    parent?.addEventListener("abort", this.#onParent, { once: true });
  }

  /** Its reason is the `EvtError` to throw. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts the signal early. */
  end(reason: EvtError): void {
    this.#controller.abort(reason);
  }

  /** Clears the timer. */
  dispose(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParent);
  }
}

/** Settles as `work` does, or rejects with the reason of the signal as soon as it aborts. */
export function before<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Returns the error of a call whose time limit passed. */
export function overdue(ms: number): EvtError {
  return new EvtError(
    "EVT_DEADLINE",
    `no response within ${ms} ms; repeat the call: events that it stored will be duplicates`,
  );
}

/** Returns the error of a call whose caller aborted. */
export function aborted(reason: unknown): EvtError {
  return new EvtError(
    "EVT_ABORTED",
    "the caller aborted; if the call was storing events, they may be stored",
    {
      cause: reason,
    },
  );
}
