import { EvtError, isEvtError } from "../evt-error.js";
import type { Runtime } from "../runtime/runtime.js";

/** When calls to a store that is down are no longer tried. */
export interface BreakerOptions {
  /** For how long nothing but failures, in milliseconds: retries ride out what is shorter. @defaultValue 2_000 */
  readonly afterMs: number;
  /** How many failures in a row, at least. @defaultValue 3 */
  readonly failures: number;
  /** How long nothing is tried then, before one call may probe; twice as long after each probe that fails. @defaultValue 250 */
  readonly pauseMs: number;
  /** No pause is longer, so the store is found again that soon. @defaultValue 1_000 */
  readonly maxPauseMs: number;
}

export const DEFAULT_BREAKER: BreakerOptions = {
  afterMs: 2_000,
  failures: 3,
  pauseMs: 250,
  maxPauseMs: 1_000,
};

/** A breaker that never opens. */
export const NO_BREAKER: BreakerOptions = { ...DEFAULT_BREAKER, failures: Number.POSITIVE_INFINITY };

/** Each by itself: what probed before an answer closed the breaker is no probe once it has opened again. */
interface Probing {
  readonly is: "probing";
  readonly pauseMs: number;
}

type State =
  | { readonly is: "closed"; readonly failures: number; readonly since: number }
  | { readonly is: "open"; readonly at: number; readonly waitMs: number; readonly pauseMs: number }
  | Probing;

const SOUND: State = { is: "closed", failures: 0, since: 0 };

/**
 * A circuit breaker (Nygard, Release It!): while a store is down, calls fail at once instead of piling up in front of
 * it, and one at a time probes whether it is back. Timeless by itself: whoever comes after the pause is the probe. A
 * clock that jumps, either way, makes it probe early, never late.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #runtime: Pick<Runtime, "now" | "random">;
  readonly #ping: (() => Promise<void>) | undefined;
  #state: State = SOUND;
  #pinging = false;

  /**
   * `ping` asks the store whether it works, in a time of its own, and rejects with `EVT_STORE_UNAVAILABLE` otherwise.
   * With it, a call that passes its deadline counts as a failure only where the store does not answer a ping either: what was
   * slow may have been the call's own records.
   */
  constructor(options: BreakerOptions, runtime: Pick<Runtime, "now" | "random">, ping?: () => Promise<void>) {
    this.#options = options;
    this.#runtime = runtime;
    this.#ping = ping;
  }

  /** Why a call is not to be tried now; `null` where it is. */
  refusal(): EvtError | null {
    const state = this.#state;
    if (state.is === "closed" || (state.is === "open" && this.#hasPaused(state))) return null;
    const message = "the store has been failing for a while, and is tried again shortly: send it again";
    return new EvtError("EVT_STORE_UNAVAILABLE", message);
  }

  /** The store was seen to work. */
  close(): void {
    this.#state = SOUND;
  }

  /**
   * Takes note of how `work` ends. What the store answered, be it a refusal, shows that it is there; a caller who gave up
   * shows nothing, and a probe of his is to be made by another.
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    const probe: Probing | null =
      this.#state.is === "open" ? { is: "probing", pauseMs: this.#state.pauseMs } : null;
    if (probe !== null) this.#state = probe;
    const startedAt = this.#runtime.now();
    try {
      const result = await work();
      this.close();
      return result;
    } catch (error) {
      const asks = isEvtError(error, "EVT_DEADLINE") && this.#ping !== undefined;
      if (asks || isEvtError(error, "EVT_ABORTED")) this.#learnNothing(probe);
      else if (showsDown(error)) this.#noteFailure(startedAt, probe);
      else this.close();
      if (asks) void this.#ask();
      throw error;
    }
  }

  #learnNothing(probe: Probing | null): void {
    if (probe !== null && this.#state === probe) this.#open(this.#runtime.now(), probe.pauseMs);
  }

  /** One ping at a time. After a probe that was slow itself, the ping is the next probe. */
  async #ask(): Promise<void> {
    if (this.#ping === undefined || this.#pinging || this.#state.is === "probing") return;
    this.#pinging = true;
    try {
      await this.guard(this.#ping);
    } catch {
      // guard has taken note of it
    } finally {
      this.#pinging = false;
    }
  }

  #noteFailure(startedAt: number, probe: Probing | null): void {
    const { afterMs, failures: least, pauseMs, maxPauseMs } = this.#options;
    const now = this.#runtime.now();
    const state = this.#state;
    if (state.is === "closed") {
      const failures = state.failures + 1;
      const since = failures === 1 || state.since > now ? Math.min(startedAt, now) : state.since;
      if (failures >= least && now - since >= afterMs) this.#open(now, pauseMs);
      else this.#state = { is: "closed", failures, since };
    } else if (probe !== null && state === probe) {
      this.#open(now, Math.min(maxPauseMs, probe.pauseMs * 2));
    }
  }

  /** Half of the pause is chance, so that many processes do not probe as one. */
  #open(at: number, pauseMs: number): void {
    this.#state = { is: "open", at, waitMs: pauseMs * (0.5 + this.#runtime.random() / 2), pauseMs };
  }

  #hasPaused({ at, waitMs }: { readonly at: number; readonly waitMs: number }): boolean {
    const passed = this.#runtime.now() - at;
    return passed < 0 || passed >= waitMs;
  }
}

/** Unavailable, or silent until the time was up. */
function showsDown(error: unknown): boolean {
  return isEvtError(error, "EVT_STORE_UNAVAILABLE") || isEvtError(error, "EVT_DEADLINE");
}
