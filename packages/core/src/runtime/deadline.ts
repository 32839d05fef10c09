import { EvtError } from "../evt-error.js";
import type { Runtime } from "./runtime.js";

type Timers = Pick<Runtime, "setTimeout" | "clearTimeout">;

/**
 * The end of somebody's patience: a time, or the caller's own signal, whichever comes first. Must be disposed of.
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

  /** Its reason is the `EvtError` to answer with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends it before its time. */
  end(reason: EvtError): void {
    this.#controller.abort(reason);
  }

  dispose(): void {
    this.#timers.clearTimeout(this.#timer);
    this.#parent?.removeEventListener("abort", this.#onParent);
  }
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it fires, whatever `work` does then. */
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

/** What a call is answered with when its time is up. */
export function overdue(ms: number): EvtError {
  return new EvtError(
    "EVT_DEADLINE",
    `no answer within ${ms} ms; whether anything was stored is unknown, so send it again`,
  );
}

/** What a call is answered with whose caller gave up. */
export function aborted(reason: unknown): EvtError {
  return new EvtError("EVT_ABORTED", "the caller gave up; whether anything was stored is unknown", {
    cause: reason,
  });
}
