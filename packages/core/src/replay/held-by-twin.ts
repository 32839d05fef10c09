import type { ParkedEvent } from "../event.js";
import type { Prepared } from "../ingest/prepare.js";
import { type RetryContext, withRetry } from "../ingest/retry.js";
import type { ReplayOutcome, ReplayStore } from "./replay-store.js";

/**
 * Whether the key that was derived for an event belongs to another event of the same batch and content. Such events are
 * told apart by an ordinal, which is known only where all of them are at hand. The key is another's if its event was
 * counted while this one was still refused, or in place of another parked event; else this event was sent again.
 */
export async function isHeldByTwin(
  { id, tenantId, givenKey, lastAttemptAt }: ParkedEvent,
  { record, provenance }: Prepared,
  outcome: ReplayOutcome,
  context: RetryContext & { readonly store: ReplayStore },
  signal: AbortSignal,
): Promise<boolean> {
  const isDerived = givenKey !== null && "batchKey" in givenKey && provenance.idempotencyKey === undefined;
  if (!isDerived || outcome.outcome !== "taken") return false;
  const { claim } = outcome;
  if (claim.fingerprint !== record.fingerprint) return false;
  if (claim.receivedAt <= lastAttemptAt) return true;
  const attempts = await withRetry(
    () => context.store.history(tenantId, claim.id, { signal }),
    context,
    signal,
  );
  return attempts.some(({ parkedId }) => parkedId !== id);
}
