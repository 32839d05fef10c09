import { EvtError } from "../evt-error.js";
import type { EventRecord, InsertOutcome, Store } from "../store.js";
import type { InsertResult } from "./insert-result.js";
import { isolate } from "./isolate.js";
import { type RetryContext, withRetry } from "./retry.js";
import type { SlowWatch } from "./slow-watch.js";

/**
 * Inserts the records of a batch with retries. If the store refuses a record, inserts the other records without it.
 * Result i belongs to record i.
 */
export async function insertBatch(
  records: readonly EventRecord[],
  insert: SlowWatch,
  context: RetryContext & { readonly store: Store },
): Promise<readonly InsertResult[]> {
  const { signal } = insert;
  const insertSome = async (some: readonly EventRecord[]) => {
    const inserting = () => insert.watch(context.store.insert(some, { signal }));
    return checkedOutcomes(some, await withRetry(inserting, context, signal));
  };
  const isolated = await isolate(records, insertSome);
  return isolated.map((each) => {
    if ("result" in each) return each.result;
    return { outcome: each.refused ? "refused" : "unsettled", error: each.error };
  });
}

function checkedOutcomes(
  records: readonly EventRecord[],
  outcomes: readonly InsertOutcome[],
): readonly InsertOutcome[] {
  if (outcomes.length === records.length) return outcomes;
  throw new EvtError(
    "EVT_INTERNAL",
    `the store returned ${outcomes.length} outcomes for ${records.length} records`,
  );
}
