import { storeFailure } from "../evt-error.js";
import { before, Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { StoreCall } from "../store.js";

export interface ReadContext {
  readonly runtime: Runtime;
  readonly timeoutMs: number;
  /** Maximum size of the raw events that one call returns, in characters. */
  readonly rawChars: number;
}

/**
 * Runs one read of the store within the time limit. Reads are not retried, because the caller can repeat them.
 * @throws EvtError
 */
export async function readWith<T>(
  { runtime, timeoutMs }: ReadContext,
  signal: AbortSignal | undefined,
  read: (call: StoreCall) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(runtime, timeoutMs, signal);
  try {
    return await before(deadline.signal, () => read({ signal: deadline.signal }));
  } catch (error) {
    throw storeFailure(error);
  } finally {
    deadline.dispose();
  }
}
