import { type RetryContext, withRetry } from "../queue/retry.js";
import type { Holder, Store } from "../store.js";
import type { EarlierIdentity, Prepared } from "./prepared-event.js";

/** The holder of an identity under earlier rules. */
export type TakenBefore = { readonly outcome: "taken" } & Holder;

interface Context extends RetryContext {
  readonly store: Store;
}

/**
 * Finds the events that were counted under earlier identity rules, so that they are not counted again under the current
 * rules. A claim with later rules is ignored: under them, the same identity may belong to a different event.
 */
export async function countedUnderEarlierRules(
  prepared: readonly Prepared[],
  context: Context,
  signal: AbortSignal,
): Promise<ReadonlyMap<unknown, TakenBefore>> {
  const lookups = prepared.flatMap((each) => changed(each).map((earlier) => ({ prepared: each, earlier })));
  if (lookups.length === 0) return new Map();
  const records = lookups.map(({ earlier }) => earlier.record);
  const read = () => context.store.holders(records, { signal, rawChars: 0 });
  const holders = await withRetry(read, context, signal);
  const found = new Map<Prepared, TakenBefore>();
  for (const [i, { prepared: each, earlier }] of lookups.entries()) {
    const holder: Holder | null = holders[i] ?? null;
    if (holder !== null && holder.claim.rules <= earlier.rules && !found.has(each))
      found.set(each, { outcome: "taken", ...holder });
  }
  return found;
}

/** Returns the earlier identities that differ from the current identity, the latest rules first. */
function changed({ record, earlier = [] }: Prepared): readonly EarlierIdentity[] {
  return earlier.filter((each) => each.record.identity !== record.identity).toReversed();
}
