import { isTransient } from "../evt-error.js";
import { before } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { Breaker } from "./breaker.js";

/** How transient failures of a store are tried again. */
export interface RetryOptions {
  /** How often at most, the first try included. @defaultValue 8 */
  readonly attempts: number;
  /** The first pause is at most this long, each further one at most twice the last. @defaultValue 25 */
  readonly baseMs: number;
  /** No pause is longer. @defaultValue 1_000 */
  readonly capMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { attempts: 8, baseMs: 25, capMs: 1_000 };

export interface RetryContext {
  readonly retry: RetryOptions;
  readonly runtime: Runtime;
  readonly breaker: Breaker;
}

/**
 * Tries until it succeeds, fails for good, the attempts are used up or the signal fires; then it rejects with the last
 * error. While the breaker is open, it is not tried at all, or again. Pauses have full jitter (uniform in [0, limit)), so that those who failed together do not return together.
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  { retry: { attempts, baseMs, capMs }, runtime, breaker }: RetryContext,
  signal: AbortSignal,
): Promise<T> {
  // Of a batch that is halved, the second half comes when the first has ended: the store may be down by then.
  const refusal = breaker.refusal();
  if (refusal !== null) throw refusal;
  for (let attempt = 1; ; attempt++) {
    try {
      return await breaker.guard(() => before(signal, work));
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts || signal.aborted) throw error;
      if (breaker.refusal() !== null) throw error;
      const limit = Math.min(capMs, baseMs * 2 ** (attempt - 1));
      // Out of time in mid-pause: what the store said last tells more than that time is up.
      const slept = await pause(runtime.random() * limit, runtime, signal);
      if (!slept || breaker.refusal() !== null) throw error;
    }
  }
}

/** Whether the pause was slept through. */
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
