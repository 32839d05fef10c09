import { EvtError } from "../evt-error.js";
import { Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { Lane } from "./insert-slots.js";

export interface WatchOptions {
  readonly runtime: Runtime;
  /** Time limit of a batch and of all its parts together, in milliseconds. */
  readonly timeoutMs: number;
}

/** A store call is slow after this time in milliseconds, or earlier if `timeoutMs` is short. */
const SLOW_MS = 250;
/** At the latest, a store call is slow after this share of `timeoutMs`. Then time is left for the other records. */
const SHARE_OF_TIME = 1 / 4;

/** The deadline of one insert with its retries. Also detects slow store calls. */
export class SlowWatch {
  readonly #runtime: Runtime;
  readonly #slowMs: number;
  readonly #longMs: number;
  readonly #deadline: Deadline;
  readonly #onSlow: () => void;
  #timer: unknown;
  #callMs = 0;
  #wasSlow = false;
  #isGivenUp = false;
  /** The lane in which the insert is counted. */
  lane: Lane = "shared";

  /** @param onSlow - called repeatedly while a store call is slow */
  constructor({ runtime, timeoutMs }: WatchOptions, startedAt: number, onSlow: () => void) {
    this.#runtime = runtime;
    this.#longMs = timeoutMs * SHARE_OF_TIME;
    this.#slowMs = Math.min(SLOW_MS, this.#longMs);
    this.#onSlow = onSlow;
    const passed = runtime.now() - startedAt;
    // if the clock has jumped, the time limit starts again
    const isPlausible = passed >= 0 && passed < timeoutMs;
    this.#deadline = new Deadline(runtime, isPlausible ? timeoutMs - passed : timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Whether any store call of this insert was slow. */
  get wasSlow(): boolean {
    return this.#wasSlow;
  }

  /** Whether the latest store call has taken at least a quarter of `timeoutMs` so far. */
  get isLong(): boolean {
    return this.#callMs >= this.#longMs;
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Watches a store call. The returned promise has the result of `call`. */
  async watch<T>(call: Promise<T>): Promise<T> {
    this.#callMs = 0;
    this.#wait();
    try {
      return await call;
    } finally {
      this.#runtime.clearTimeout(this.#timer);
    }
  }

  /** Aborts the insert. The breaker does not count this as a failure. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#deadline.end(new EvtError("EVT_ABORTED", "the insert was slow and is tried again in parts"));
  }

  dispose(): void {
    this.#runtime.clearTimeout(this.#timer);
    this.#deadline.dispose();
  }

  #wait(): void {
    this.#timer = this.#runtime.setTimeout(() => {
      this.#callMs += this.#slowMs;
      this.#wasSlow = true;
      this.#wait();
      this.#onSlow();
    }, this.#slowMs);
  }
}
