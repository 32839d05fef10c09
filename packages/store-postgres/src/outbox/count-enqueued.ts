import { type Evt, EvtError, isEvtError, type Outcome, type PreparedEvent } from "@evt/core";

/** A row of the outbox with its event. */
export interface Enqueued {
  readonly id: string;
  readonly event: PreparedEvent;
}

/** The outcomes of a batch's events. Failed events remain in the outbox. */
export interface Counts {
  /** The IDs of rows whose events have a final outcome. */
  readonly done: string[];
  counted: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
  /** The error of the first failed event, or `null` if none failed. */
  failure: EvtError | null;
}

/**
 * If this many events fail alone with an internal error and no event has a final outcome, the events are not the
 * cause. The rest is then not tried.
 */
const TRIED_ALONE = 8;

/**
 * Counts events. If a call throws an internal error, splits the events into halves until each bad event is alone. So
 * a bad event does not prevent the other events from being counted.
 * @throws any error of `ingestPrepared` that is not internal
 */
export async function countEnqueued(
  enqueued: readonly Enqueued[],
  evt: Evt,
  signal: AbortSignal,
): Promise<Counts> {
  const counts = emptyCounts();
  let alone = 0;
  async function countSome(some: readonly Enqueued[]): Promise<void> {
    if (alone >= TRIED_ALONE && counts.done.length === 0) return;
    try {
      const { outcomes } = await evt.ingestPrepared(
        some.map(({ event }) => event),
        { signal },
      );
      for (const [i, outcome] of outcomes.entries()) note(counts, (some[i] as Enqueued).id, outcome);
    } catch (error) {
      if (!isEvtError(error, "EVT_INTERNAL")) throw error;
      counts.failure ??= error;
      if (some.length === 1) return void alone++;
      const middle = some.length >> 1;
      await countSome(some.slice(0, middle));
      await countSome(some.slice(middle));
    }
  }
  if (enqueued.length > 0) await countSome(enqueued);
  return counts;
}

function emptyCounts(): Counts {
  return { done: [], counted: 0, duplicates: 0, conflicts: 0, rejected: 0, failure: null };
}

function note(counts: Counts, id: string, outcome: Outcome): void {
  if (outcome.outcome === "failed") {
    const { code, message } = outcome.error;
    counts.failure ??= new EvtError(code, message, { cause: outcome.cause });
    return;
  }
  counts.done.push(id);
  counts[COUNTER[outcome.outcome]]++;
}

const COUNTER = {
  processed: "counted",
  duplicate: "duplicates",
  conflict: "conflicts",
  rejected: "rejected",
} as const;
