import { type ReadContext, readWith } from "../queue/read.js";
import type { ReplayAttempt, ReplayStore } from "../store.js";

/** Returns the replay history of a parked event, or of the event that a replay counted, the earliest first. */
export function attemptsOf(
  tenantId: string,
  id: string,
  signal: AbortSignal | undefined,
  { store, ...context }: ReadContext & { readonly store: ReplayStore },
): Promise<readonly ReplayAttempt[]> {
  return readWith(context, signal, (call) => store.history(tenantId, id, call));
}
