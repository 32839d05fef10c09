import type { InsertResult } from "../queue/insert-result.js";
import { RawBudget } from "../queue/raw-budget.js";
import { before, Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { EventRecord, Holder, Store } from "../store.js";

/** The dependencies of {@link withHolderRaws}. */
export interface HolderRawsContext {
  readonly store: Store;
  readonly runtime: Runtime;
  /** Maximum size of the raw events of other events in one result, in characters. */
  readonly rawChars: number;
  readonly parkTimeoutMs: number;
}

type Taken = Extract<InsertResult, { readonly outcome: "taken" }>;

/**
 * Adds the raw events of holders to results, within the budget of this call. A shared insert leaves large raw events out, so
 * that no call waits for the events of another, or uses up its budget.
 */
export async function withHolderRaws(
  records: readonly EventRecord[],
  results: readonly InsertResult[],
  context: HolderRawsContext,
  signal: AbortSignal | undefined,
): Promise<readonly InsertResult[]> {
  if (!results.some(isTaken)) return results;
  const holders = await holdersLackingRaw(records, results, context, signal);
  const budget = new RawBudget(context.rawChars);
  return results.map((result, i) => {
    if (!isTaken(result) || result.event === null) return result;
    const record = records[i] as EventRecord;
    // the same raw event as the caller's own costs nothing
    if (result.event.rawJson === record.rawJson && !result.event.rawOmitted) return result;
    const { event } = completed(result, holders.get(keyOf(record)) ?? null);
    return { ...result, event: event && budget.bound(event) };
  });
}

/** Reads each identity once. Outcomes are certain by now, so a failed read only leaves raw events out. */
async function holdersLackingRaw(
  records: readonly EventRecord[],
  results: readonly InsertResult[],
  { store, runtime, rawChars, parkTimeoutMs }: HolderRawsContext,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Holder | null>> {
  const lacking = new Map<string, EventRecord>();
  for (const [i, result] of results.entries()) {
    const record = records[i] as EventRecord;
    if (isTaken(result) && result.event?.rawOmitted) lacking.set(keyOf(record), record);
  }
  if (lacking.size === 0 || rawChars === 0) return new Map();
  const asked = [...lacking.values()];
  const deadline = new Deadline(runtime, parkTimeoutMs, signal);
  const call = { signal: deadline.signal, rawChars };
  try {
    const found = await before(deadline.signal, () => store.holders(asked, call));
    return new Map(asked.map((record, i) => [keyOf(record), found[i] ?? null]));
  } catch {
    return new Map();
  } finally {
    deadline.dispose();
  }
}

/** Adds the event of a holder, unless its claim was taken over by another event in the meantime. */
function completed(result: Taken, holder: Holder | null): Taken {
  const isSame = holder !== null && holder.claim.receiptId === result.claim.receiptId;
  return isSame && holder.event !== null ? { ...result, event: holder.event } : result;
}

function isTaken(result: InsertResult): result is Taken {
  return result.outcome === "taken";
}

/** Identities have a fixed length, so the keys of two pairs are never equal. */
function keyOf({ identity, tenantId }: EventRecord): string {
  return identity + tenantId;
}
