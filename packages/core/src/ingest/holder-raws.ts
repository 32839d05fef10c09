import type { InsertResult } from "../queue/insert-result.js";
import { RawBudget } from "../queue/raw-budget.js";
import { before, Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { EventRecord, Holder, Store } from "../store.js";

/** The dependencies of {@link withHolderRaws}. */
export interface HolderRawsContext {
  readonly store: Store;
  readonly runtime: Runtime;
  /** Maximum total size of the holders' raw events in the results of one call, in characters. */
  readonly rawChars: number;
  readonly parkTimeoutMs: number;
}

type Taken = Extract<InsertResult, { readonly outcome: "taken" }>;

/**
 * Adds the raw events of holders that a shared insert omitted, up to `rawChars` characters. Shared inserts omit large
 * raw events, so that no call waits for those of another call.
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

/**
 * Returns the holders whose raw events the insert omitted. Empty if the read fails: the outcomes are certain without
 * it.
 */
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

/** Adds the event that was read, unless the claim has another holder now or the event was pruned. */
function completed(result: Taken, holder: Holder | null): Taken {
  const isSame = holder !== null && holder.claim.receiptId === result.claim.receiptId;
  return isSame && holder.event !== null ? { ...result, event: holder.event } : result;
}

function isTaken(result: InsertResult): result is Taken {
  return result.outcome === "taken";
}

/** Unique for each identity and tenant, because identities have a fixed length. */
function keyOf({ identity, tenantId }: EventRecord): string {
  return identity + tenantId;
}
