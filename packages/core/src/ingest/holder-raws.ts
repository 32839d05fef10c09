import type { InsertResult } from "../queue/insert-result.js";
import { RawBudget } from "../queue/raw-budget.js";
import { before, Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { EventRecord, Holder, Store } from "../store.js";

/** The dependencies of {@link withHolderRaws}. */
export interface HolderRawsContext {
  readonly store: Store;
  readonly runtime: Runtime;
  /** Maximum size of the holders' raw events in one result, in characters. */
  readonly rawChars: number;
  readonly parkTimeoutMs: number;
}

type Taken = Extract<InsertResult, { readonly outcome: "taken" }>;

/**
 * Adds the raw events of holders to results, within the budget of this call. A shared insert omits large raw events, so
 * that a call does not wait for another call's raw events or use up its budget.
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
    // a raw event that equals the caller's own is not counted against the budget
    if (result.event.rawJson === record.rawJson && !result.event.rawOmitted) return result;
    const { event } = completed(result, holders.get(keyOf(record)) ?? null);
    return { ...result, event: event && budget.bound(event) };
  });
}

/** Reads each identity once. The outcomes are already certain, so if the read fails, the results only lack raw events. */
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

/** Adds the holder's event, unless another event has taken over the claim in the meantime. */
function completed(result: Taken, holder: Holder | null): Taken {
  const isSame = holder !== null && holder.claim.receiptId === result.claim.receiptId;
  return isSame && holder.event !== null ? { ...result, event: holder.event } : result;
}

function isTaken(result: InsertResult): result is Taken {
  return result.outcome === "taken";
}

/** Returns a unique key for each pair. Identities have a fixed length, so different pairs have different keys. */
function keyOf({ identity, tenantId }: EventRecord): string {
  return identity + tenantId;
}
