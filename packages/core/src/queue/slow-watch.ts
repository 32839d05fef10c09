import { EvtError } from "../evt-error.js";
import { Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { Lane } from "./insert-slots.js";

export interface WatchOptions {
  readonly runtime: Runtime;
  /** The time of a batch, that of its parts included. */
  readonly timeoutMs: number;
}

/** After how long a call of the store is slow, where the deadline leaves time for more. */
const SLOW_MS = 250;
/** The part of `timeoutMs` after which a call is slow in any case: time for its neighbours must be left. */
const SHARE_OF_TIME = 1 / 4;

/** The deadline of one insert with its retries, and what happens before when a call of the store is slow. */
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
  /** What it counts as. */
  lane: Lane = "shared";

  /** `onSlow` is called again and again while a call of the store is slow. */
  constructor({ runtime, timeoutMs }: WatchOptions, startedAt: number, onSlow: () => void) {
    this.#runtime = runtime;
    this.#longMs = timeoutMs * SHARE_OF_TIME;
    this.#slowMs = Math.min(SLOW_MS, this.#longMs);
    this.#onSlow = onSlow;
    const passed = runtime.now() - startedAt;
    // A clock that jumped in the meantime says nothing of the time that passed.
    const isPlausible = passed >= 0 && passed < timeoutMs;
    this.#deadline = new Deadline(runtime, isPlausible ? timeoutMs - passed : timeoutMs);
  }

  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** Whether a call was slow. */
  get wasSlow(): boolean {
    return this.#wasSlow;
  }

  /** Whether the call under way has taken a good part of the time there is. */
  get isLong(): boolean {
    return this.#callMs >= this.#longMs;
  }

  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** Settles as the call of the store does. */
  async watch<T>(call: Promise<T>): Promise<T> {
    this.#callMs = 0;
    this.#wait();
    try {
      return await call;
    } finally {
      this.#runtime.clearTimeout(this.#timer);
    }
  }

  /** Ends the insert. That it was slow says nothing of the store. */
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
