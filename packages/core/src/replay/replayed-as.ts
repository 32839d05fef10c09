import type { ParkedEvent } from "../event.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { ReplayStore } from "../store.js";
import { isOfCountedEvent } from "./judge-replay.js";
import { isSameSending } from "./same-sending.js";

/** The parked events whose replays counted an event, or found that it was counted. */
export interface Replayed {
  /** Returns whether a parked event is one of them, or is the same event, which the client sent again. */
  isOf(parked: ParkedEvent): boolean;
}

/** Returns the parked events of a counted event. `null` if no replay counted or found the event. */
export async function replayedAs(
  tenantId: string,
  eventId: string,
  { store, rawChars, ...context }: RetryContext & { readonly store: ReplayStore; readonly rawChars: number },
  signal: AbortSignal,
): Promise<Replayed | null> {
  const history = () => store.history(tenantId, eventId, { signal });
  const attempts = (await withRetry(history, context, signal)).filter(isOfCountedEvent);
  if (attempts.length === 0) return null;
  const ids = [...new Set(attempts.map(({ parkedId }) => parkedId))];
  const entries = await withRetry(() => store.get(tenantId, ids, { signal, rawChars }), context, signal);
  const replayed = entries.filter((entry) => entry !== null && entry.status !== "processed");
  return {
    isOf: (parked) => ids.includes(parked.id) || replayed.some((other) => isSameSending(other, parked)),
  };
}
