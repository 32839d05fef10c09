import { type Evt, EvtError, isEvtError, type Outcome, type PreparedEvent } from "@evt/core";

/** An event that was enqueued, as it was read. */
export interface Enqueued {
  readonly id: string;
  readonly event: PreparedEvent;
}

/** What became of events. Those that failed stay as they are. */
export interface Settlement {
  /** Of rows whose events are dealt with for good. */
  readonly settled: string[];
  counted: number;
  duplicates: number;
  conflicts: number;
  rejected: number;
  /** Why the first of those failed that did. */
  failure: EvtError | null;
}

/** How many are tried alone, while nothing at all can be settled, before it is taken for no fault of theirs. */
const TRIED_ALONE = 8;

/**
 * Counts events. Where a defect shows, halves them until it stands alone: one that cannot be dealt with must not keep
 * the others.
 */
export async function settle(
  enqueued: readonly Enqueued[],
  evt: Evt,
  signal: AbortSignal,
): Promise<Settlement> {
  const settlement = newSettlement();
  let alone = 0;
  async function settleSome(some: readonly Enqueued[]): Promise<void> {
    if (alone >= TRIED_ALONE && settlement.settled.length === 0) return;
    try {
      const { outcomes } = await evt.ingestPrepared(
        some.map(({ event }) => event),
        { signal },
      );
      for (const [i, outcome] of outcomes.entries()) note(settlement, (some[i] as Enqueued).id, outcome);
    } catch (error) {
      if (!isEvtError(error, "EVT_INTERNAL")) throw error;
      settlement.failure ??= error;
      if (some.length === 1) return void alone++;
      const middle = some.length >> 1;
      await settleSome(some.slice(0, middle));
      await settleSome(some.slice(middle));
    }
  }
  if (enqueued.length > 0) await settleSome(enqueued);
  return settlement;
}

function newSettlement(): Settlement {
  return { settled: [], counted: 0, duplicates: 0, conflicts: 0, rejected: 0, failure: null };
}

function note(settlement: Settlement, id: string, outcome: Outcome): void {
  if (outcome.outcome === "failed") {
    const { code, message } = outcome.error;
    settlement.failure ??= new EvtError(code, message, { cause: outcome.cause });
    return;
  }
  settlement.settled.push(id);
  settlement[COUNTER[outcome.outcome]]++;
}

const COUNTER = {
  processed: "counted",
  duplicate: "duplicates",
  conflict: "conflicts",
  rejected: "rejected",
} as const;
