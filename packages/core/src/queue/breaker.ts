import { EvtError, isEvtError } from "../evt-error.js";
import type { Runtime } from "../runtime/runtime.js";

/** When evt stops calling a store that is down. */
export interface BreakerOptions {
  /**
   * The breaker opens only after all store calls have failed for this time, in milliseconds. Retries handle shorter
   * outages.
   * @defaultValue 2_000
   */
  readonly afterMs: number;
  /**
   * The minimum number of failures in a row before the breaker opens. `afterMs` must also have passed.
   * @defaultValue 3
   */
  readonly failures: number;
  /**
   * The first pause before a call may probe the store, in milliseconds. It doubles after each failed probe. The actual
   * pause is shorter by a random part, up to half.
   * @defaultValue 250
   */
  readonly pauseMs: number;
  /** The maximum of this pause, in milliseconds. @defaultValue 1_000 */
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

/**
 * A new object for each probe. So the result of an old probe is ignored if the breaker has closed and reopened in the
 * meantime.
 */
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
 * A circuit breaker (Nygard, Release It!). While the breaker is open, calls fail immediately, except for one call at a
 * time that probes the store. There is no timer: the first call after the pause is the probe.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #runtime: Pick<Runtime, "now" | "random">;
  readonly #ping: (() => Promise<void>) | undefined;
  #state: State = SOUND;
  #pinging = false;

  /**
   * @param ping - resolves if the store works, and rejects with `EVT_STORE_UNAVAILABLE` if not. If `ping` is given, a
   * missed deadline counts as a failure only if the ping also fails. If the ping succeeds, the records are slow, and not
   * the store.
   */
  constructor(options: BreakerOptions, runtime: Pick<Runtime, "now" | "random">, ping?: () => Promise<void>) {
    this.#options = options;
    this.#runtime = runtime;
    this.#ping = ping;
  }

  /** Returns the error for a call that must not be tried now, or `null`. */
  refusal(): EvtError | null {
    const state = this.#state;
    if (state.is === "closed" || (state.is === "open" && this.#hasPaused(state))) return null;
    const message = "the store is failing, so evt does not call it for a moment; send the same again shortly";
    return new EvtError("EVT_STORE_UNAVAILABLE", message);
  }

  /** Closes the breaker. Call it after the store has worked. */
  close(): void {
    this.#state = SOUND;
  }

  /**
   * Runs `work` and notes whether the store works. Any response of the store, even a refusal, shows that the store
   * works. An aborted call shows nothing. If that call was the probe, a later call becomes the probe.
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
      const mustPing = isEvtError(error, "EVT_DEADLINE") && this.#ping !== undefined;
      if (mustPing || isEvtError(error, "EVT_ABORTED")) this.#learnNothing(probe);
      else if (showsDown(error)) this.#noteFailure(startedAt, probe);
      else this.close();
      if (mustPing) void this.#pingOnce();
      throw error;
    }
  }

  #learnNothing(probe: Probing | null): void {
    if (probe !== null && this.#state === probe) this.#open(this.#runtime.now(), probe.pauseMs);
  }

  /** Pings the store, but not if another ping or a probe is running. */
  async #pingOnce(): Promise<void> {
    if (this.#ping === undefined || this.#pinging || this.#state.is === "probing") return;
    this.#pinging = true;
    try {
      await this.guard(this.#ping);
    } catch {
      // ignored, because guard has noted the error
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

  /**
   * Opens the breaker. The actual pause is random, from half of `pauseMs` to `pauseMs`, so that many processes do not
   * probe at the same time.
   */
  #open(at: number, pauseMs: number): void {
    this.#state = { is: "open", at, waitMs: pauseMs * (0.5 + this.#runtime.random() / 2), pauseMs };
  }

  #hasPaused({ at, waitMs }: { readonly at: number; readonly waitMs: number }): boolean {
    const passed = this.#runtime.now() - at;
    return passed < 0 || passed >= waitMs;
  }
}

/** Returns whether the error shows that the store was unavailable or did not respond in time. */
function showsDown(error: unknown): boolean {
  return isEvtError(error, "EVT_STORE_UNAVAILABLE") || isEvtError(error, "EVT_DEADLINE");
}
