import { storeFailure } from "../evt-error.js";
import { before, Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { StoreCall } from "../store.js";

export interface ReadContext {
  readonly runtime: Runtime;
  readonly timeoutMs: number;
  /** How much raw text one call returns, in characters. */
  readonly rawChars: number;
}

/** One question to the store, within the deadline. Not retried: whoever asks may ask again. */
export async function readWith<T>(
  { runtime, timeoutMs }: ReadContext,
  signal: AbortSignal | undefined,
  ask: (call: StoreCall) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(runtime, timeoutMs, signal);
  try {
    return await before(deadline.signal, () => ask({ signal: deadline.signal }));
  } catch (error) {
    throw storeFailure(error);
  } finally {
    deadline.dispose();
  }
}
