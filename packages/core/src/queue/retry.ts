import { isTransient } from "../evt-error.js";
import { before } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { Breaker } from "./breaker.js";

/** How evt retries store calls after transient failures. */
export interface RetryOptions {
  /** Maximum number of tries of one store call, including the first. @defaultValue 8 */
  readonly attempts: number;
  /**
   * Upper limit of the first random pause, in milliseconds. The upper limit doubles with each further pause, up to
   * `capMs`.
   * @defaultValue 25
   */
  readonly baseMs: number;
  /** The greatest upper limit of a pause, in milliseconds. @defaultValue 1_000 */
  readonly capMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { attempts: 8, baseMs: 25, capMs: 1_000 };

export interface RetryContext {
  readonly retry: RetryOptions;
  readonly runtime: Runtime;
  readonly breaker: Breaker;
}

/**
 * Runs `work` until it succeeds. Rejects with the last error if the error is not transient, if no try is left, if the
 * breaker opens, or if the signal aborts. Does not run `work` while the breaker is open. Pauses are random, uniform in
 * [0, limit), so that calls that failed together do not retry together.
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  { retry: { attempts, baseMs, capMs }, runtime, breaker }: RetryContext,
  signal: AbortSignal,
): Promise<T> {
  // the breaker may have opened since the caller's own check, for example before the second half of a halved batch
  const refusal = breaker.refusal();
  if (refusal !== null) throw refusal;
  for (let attempt = 1; ; attempt++) {
    try {
      return await breaker.guard(() => before(signal, work));
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts || signal.aborted) throw error;
      if (breaker.refusal() !== null) throw error;
      const limit = Math.min(capMs, baseMs * 2 ** (attempt - 1));
      // if the signal aborts during the pause, the store's last error is more useful than the signal's reason
      const slept = await pause(runtime.random() * limit, runtime, signal);
      if (!slept || breaker.refusal() !== null) throw error;
    }
  }
}

/** Resolves with `true` after the pause, or with `false` if the signal aborts. */
function pause(ms: number, runtime: Runtime, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (slept: boolean) => {
      runtime.clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      resolve(slept);
    };
    const onAbort = () => end(false);
    const timer = runtime.setTimeout(() => end(true), ms);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
