import { isSameEvent } from "../ingest/judge.js";
import type { RetryContext } from "../queue/retry.js";
import type { ReplayOutcome, ReplayStore } from "../store.js";
import { isNumberedByReplay } from "./counted-before.js";
import { replayedAs } from "./replayed-as.js";
import type { Candidate } from "./rules-of-replays.js";

/**
 * Returns whether the holder of an identity is another event of the same batch with equal content. Only an ordinal
 * distinguishes such events, and evt knows the ordinal only if all of them are in one call. Returns `true` in three
 * cases: another parked event of this call is already assigned to the holder, evt received the holder before this event
 * was last parked, or a replay of another parked event counted the holder. In all other cases, evt assumes that the
 * holder is this event, which the client sent again.
 *
 * Without a batch key, a holder that evt received before this event was first parked is also this event, because equal
 * content in an earlier call is the same event.
 */
export async function isHeldByTwin(
  candidate: Candidate,
  outcome: ReplayOutcome,
  context: RetryContext & {
    readonly store: ReplayStore;
    readonly rawChars: number;
    readonly taken: ReadonlySet<string>;
  },
  signal: AbortSignal,
): Promise<boolean> {
  const { parked, prepared } = candidate;
  if (outcome.outcome !== "taken" || !isNumberedByReplay(candidate)) return false;
  const { claim } = outcome;
  const { tenantId, receivedAt, lastAttemptAt } = parked;
  if (!isSameEvent(prepared, claim)) return false;
  const replayed = await replayedAs(tenantId, claim.id, context, signal);
  if (replayed !== null) return !replayed.isOf(parked);
  const isOfBatch = prepared.numbered?.batchKey !== undefined;
  if (context.taken.has(claim.id)) return true;
  if (claim.receivedAt <= lastAttemptAt) return isOfBatch || claim.receivedAt >= receivedAt;
  return false;
}
