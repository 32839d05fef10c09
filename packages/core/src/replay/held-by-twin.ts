import type { ParkedEvent } from "../event.js";
import { isSameEvent } from "../ingest/judge.js";
import type { Prepared } from "../ingest/prepared-event.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { ReplayOutcome, ReplayStore } from "../store.js";
import { derivedFrom } from "./counted-before.js";
import { isOfCountedEvent } from "./judge-replay.js";

/**
 * Returns whether the holder of a derived key is another event of the same batch with equal content. Only an ordinal
 * distinguishes such events, and evt knows the ordinal only if all of them are in one call. Returns `true` in three
 * cases: another parked event of this call is already assigned to the holder, evt received the holder before this event
 * was last parked, or a replay of another parked event counted the holder. In all other cases, evt assumes that the
 * holder is this event, which the client sent again.
 */
export async function isHeldByTwin(
  parked: ParkedEvent,
  prepared: Prepared,
  outcome: ReplayOutcome,
  context: RetryContext & { readonly store: ReplayStore; readonly taken: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<boolean> {
  if (outcome.outcome !== "taken" || derivedFrom({ parked, prepared }) === undefined) return false;
  const { claim } = outcome;
  const { id, tenantId, lastAttemptAt } = parked;
  if (!isSameEvent(prepared, claim)) return false;
  if (context.taken.has(claim.id) || claim.receivedAt <= lastAttemptAt) return true;
  const attempts = await withRetry(
    () => context.store.history(tenantId, claim.id, { signal }),
    context,
    signal,
  );
  return attempts.filter(isOfCountedEvent).some(({ parkedId }) => parkedId !== id);
}
