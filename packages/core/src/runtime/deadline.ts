import { EvtError } from "../evt-error.js";
import type { Runtime } from "./runtime.js";

type Timers = Pick<Runtime, "setTimeout" | "clearTimeout">;

/**
 * A signal that aborts after `ms` milliseconds, or when the caller's signal aborts. Call `dispose` when the work ends.
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

  /** The signal for the work. After it has aborted, its `reason` is the `EvtError` to throw. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts the signal early. */
  end(reason: EvtError): void {
    this.#controller.abort(reason);
  }

  /** Clears the timer and stops listening to the caller's signal. */
  dispose(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParent);
  }
}

/**
 * Runs `work`. Returns a promise with its result, which rejects with the signal's reason as soon as the signal aborts.
 * Does not run `work` if the signal has already aborted.
 */
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

/** Returns the error for a call whose time limit has passed. */
export function overdue(ms: number): EvtError {
  return new EvtError(
    "EVT_DEADLINE",
    `no response within ${ms} ms; repeat the call: events that it stored will be duplicates`,
  );
}

/** Returns the error for a call whose caller has aborted. */
export function aborted(reason: unknown): EvtError {
  return new EvtError(
    "EVT_ABORTED",
    "the caller aborted; if the call was storing events, they may be stored",
    {
      cause: reason,
    },
  );
}
