import type { InsertResult } from "../queue/insert-result.js";
import { RawBudget } from "../queue/raw-budget.js";
import { before, Deadline } from "../runtime/deadline.js";
import type { Runtime } from "../runtime/runtime.js";
import type { EventRecord, Holder, Store } from "../store.js";

export interface HolderRawsContext {
  readonly store: Store;
  readonly runtime: Runtime;
  /** How much raw text of other events one call shows, in characters. */
  readonly rawChars: number;
  readonly parkTimeoutMs: number;
}

type Taken = Extract<InsertResult, { readonly outcome: "taken" }>;

/**
 * Completes the events that hold identities with their raw texts, as far as this call's budget goes. A shared insert
 * leaves large raw texts out: no call waits for another's events, and none uses up another's budget.
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
    // the caller has its own text already: it costs nothing
    if (result.event.rawJson === record.rawJson && !result.event.rawOmitted) return result;
    const { event } = completed(result, holders.get(keyOf(record)) ?? null);
    return { ...result, event: event && budget.bound(event) };
  });
}

/** Each identity is read once. The outcomes are certain by now, so a read that fails only leaves raw texts out. */
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

/** A claim that was taken over in between belongs to another event than the one that was met. */
function completed(result: Taken, holder: Holder | null): Taken {
  const isSame = holder !== null && holder.claim.receiptId === result.claim.receiptId;
  return isSame && holder.event !== null ? { ...result, event: holder.event } : result;
}

function isTaken(result: InsertResult): result is Taken {
  return result.outcome === "taken";
}

/** The identity has a fixed length, so no two pairs join alike. */
function keyOf({ identity, tenantId }: EventRecord): string {
  return identity + tenantId;
}
