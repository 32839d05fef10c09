import { type ReadContext, readWith } from "../queue/read.js";
import type { ReplayAttempt, ReplayStore } from "../store.js";

/** The replays of a parked event, or those by which an event came to be counted; earliest first. */
export function attemptsOf(
  tenantId: string,
  id: string,
  signal: AbortSignal | undefined,
  { store, ...context }: ReadContext & { readonly store: ReplayStore },
): Promise<readonly ReplayAttempt[]> {
  return readWith(context, signal, (call) => store.history(tenantId, id, call));
}
