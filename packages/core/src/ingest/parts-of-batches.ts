import type { InsertResult } from "../queue/insert-result.js";
import { type RetryContext, withRetry } from "../queue/retry.js";
import type { EventRecord, Holder, Store } from "../store.js";
import { groupSizes } from "./batch-twins.js";
import { isSameEvent, type JudgedResult } from "./judge.js";
import type { Prepared } from "./prepared-event.js";

/** The dependencies of {@link settleParts}. */
export interface PartsContext extends RetryContext {
  readonly store: Store;
  readonly insert: (records: readonly EventRecord[]) => Promise<readonly InsertResult[]>;
  readonly signal: AbortSignal;
}

/** The events of one call with the results of their records. Result i belongs to event i. */
export interface Settled {
  readonly prepared: readonly Prepared[];
  readonly results: readonly JudgedResult[];
}

type Taken = Extract<InsertResult, { readonly outcome: "taken" }>;

/** An event whose identity is taken by an event of a larger batch: that batch had more equal events than this call. */
interface Part {
  readonly index: number;
  readonly prepared: Prepared;
  readonly taken: Taken;
}

/**
 * Settles the events of a batch that was sent again only in part. Their ordinals are positions in the part, so a taken
 * identity does not prove that this event was counted.
 *
 * - If all equal events of the batch are counted, the event is a duplicate.
 * - If its raw event differs from every counted raw event and an ordinal is free, the event is inserted with that
 * ordinal.
 * - In all other cases, the result is `incomplete`.
 */
export async function settleParts(
  prepared: readonly Prepared[],
  results: readonly InsertResult[],
  context: PartsContext,
): Promise<Settled> {
  const settled = { prepared: [...prepared], results: [...results] };
  for (const [sent, parts] of partsOf(prepared, results)) await settleGroup(parts, sent, settled, context);
  return settled;
}

/** Returns whether a call has only a part of a batch, which is rare. */
export function hasParts(prepared: readonly Prepared[], results: readonly InsertResult[]): boolean {
  return (
    results.some((result, i) => isTakenByTwin(prepared[i] as Prepared, result)) &&
    partsOf(prepared, results).length > 0
  );
}

function isTakenByTwin(prepared: Prepared, result: InsertResult): result is Taken {
  if (prepared.twin === null || result.outcome !== "taken" || result.claim.twins === 1) return false;
  return result.claim.receiptId !== prepared.record.receiptId && isSameEvent(prepared, result.claim);
}

/** Groups the events of batches that the call has only in part. The number is the size of the group in this call. */
function partsOf(
  prepared: readonly Prepared[],
  results: readonly InsertResult[],
): readonly (readonly [number, readonly Part[]])[] {
  const sizes = groupSizes(prepared);
  const groups = new Map<string, Part[]>();
  for (const [index, each] of prepared.entries()) {
    const taken = results[index] as InsertResult;
    if (!isTakenByTwin(each, taken) || each.twin === null) continue;
    const { group } = each.twin;
    if (taken.claim.twins <= (sizes.get(group) ?? 1)) continue;
    groups.set(group, [...(groups.get(group) ?? []), { index, prepared: each, taken }]);
  }
  return [...groups].map(([group, parts]) => [sizes.get(group) ?? 1, parts]);
}

async function settleGroup(
  parts: readonly Part[],
  sent: number,
  settled: { readonly prepared: Prepared[]; readonly results: JudgedResult[] },
  context: PartsContext,
): Promise<void> {
  const twins = Math.max(...parts.map(({ taken }) => taken.claim.twins));
  const { recordAt } = (parts[0] as Part).prepared.twin as NonNullable<Prepared["twin"]>;
  const records = Array.from({ length: twins }, (_, ordinal) => recordAt(ordinal));
  const read = () => context.store.holders(records, { signal: context.signal, rawChars: 0 });
  const holders = await withRetry(read, context, context.signal);
  const free = records.map((_, ordinal) => ordinal).filter((ordinal) => holders[ordinal] === null);
  const counted = twins - free.length;
  const hashes = new Set(holders.flatMap((holder) => holder?.claim.rawHash ?? []));
  for (const { index, prepared, taken } of parts) {
    if (counted === twins) continue;
    const ordinal = isOther(prepared.record, hashes, holders) ? free.shift() : undefined;
    if (ordinal === undefined) {
      settled.results[index] = { ...taken, outcome: "incomplete", twins, counted, sent };
      continue;
    }
    const other = withOrdinal(ordinal, twins, prepared);
    settled.prepared[index] = other;
    [settled.results[index]] = (await context.insert([other.record])) as [InsertResult];
    hashes.add(prepared.record.rawHash as number);
  }
}

/** Returns whether the raw event is known to differ from all counted raw events. */
function isOther(
  { rawHash = null }: EventRecord,
  hashes: ReadonlySet<number>,
  holders: readonly (Holder | null)[],
): boolean {
  const areKnown = holders.every((holder) => holder === null || holder.claim.rawHash !== null);
  return areKnown && rawHash !== null && !hashes.has(rawHash);
}

function withOrdinal(ordinal: number, twins: number, prepared: Prepared): Prepared {
  const twin = prepared.twin as NonNullable<Prepared["twin"]>;
  const record = { ...twin.recordAt(ordinal), twins };
  const isOwn = prepared.ordinal > 0 || prepared.record.idempotencyKey === null;
  return { ...prepared, record, ordinal: isOwn ? ordinal : 0, twin: { ...twin, ordinal } };
}
