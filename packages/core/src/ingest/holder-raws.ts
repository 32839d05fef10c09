import type { RecordFate } from "../queue/insert-result.js";
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

type Taken = Extract<RecordFate, { readonly outcome: "taken" }>;

/**
 * Completes the events that hold identities with their raw texts, as far as this call's budget goes. A shared insert
 * leaves large raw texts out: no call waits for another's events, and none uses up another's budget.
 */
export async function withHolderRaws(
  records: readonly EventRecord[],
  fates: readonly RecordFate[],
  context: HolderRawsContext,
  signal: AbortSignal | undefined,
): Promise<readonly RecordFate[]> {
  if (!fates.some(isTaken)) return fates;
  const holders = await holdersLackingRaw(records, fates, context, signal);
  const budget = new RawBudget(context.rawChars);
  return fates.map((fate, i) => {
    if (!isTaken(fate) || fate.event === null) return fate;
    const record = records[i] as EventRecord;
    // the caller has its own text already: it costs nothing
    if (fate.event.rawJson === record.rawJson && !fate.event.rawOmitted) return fate;
    const { event } = completed(fate, holders.get(keyOf(record)) ?? null);
    return { ...fate, event: event && budget.bound(event) };
  });
}

/** Each identity is read once. The outcomes are certain by now, so a read that fails only leaves raw texts out. */
async function holdersLackingRaw(
  records: readonly EventRecord[],
  fates: readonly RecordFate[],
  { store, runtime, rawChars, parkTimeoutMs }: HolderRawsContext,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Holder | null>> {
  const lacking = new Map<string, EventRecord>();
  for (const [i, fate] of fates.entries()) {
    const record = records[i] as EventRecord;
    if (isTaken(fate) && fate.event?.rawOmitted) lacking.set(keyOf(record), record);
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
function completed(fate: Taken, holder: Holder | null): Taken {
  const isSame = holder !== null && holder.claim.receiptId === fate.claim.receiptId;
  return isSame && holder.event !== null ? { ...fate, event: holder.event } : fate;
}

function isTaken(fate: RecordFate): fate is Taken {
  return fate.outcome === "taken";
}

/** The identity has a fixed length, so no two pairs join alike. */
function keyOf({ identity, tenantId }: EventRecord): string {
  return identity + tenantId;
}
