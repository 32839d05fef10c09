import type { ParkedEvent } from "../event.js";
import type { Prepared } from "../ingest/prepared-event.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { ReplayOutcome, ReplayStore } from "../store.js";
import { derivedFrom } from "./counted-before.js";

/**
 * Whether the key that was derived for an event belongs to another event of the same batch and content. Such events are
 * told apart by an ordinal, which is known only where all of them are at hand. The key is another's if its event was
 * counted while this one was still refused, or in place of another parked event; else this event was sent again. What
 * {@link countedBefore} found is not asked about here.
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
  if (claim.fingerprint !== prepared.record.fingerprint) return false;
  if (context.taken.has(claim.id) || claim.receivedAt <= lastAttemptAt) return true;
  const attempts = await withRetry(
    () => context.store.history(tenantId, claim.id, { signal }),
    context,
    signal,
  );
  return attempts.some(({ parkedId }) => parkedId !== id);
}
