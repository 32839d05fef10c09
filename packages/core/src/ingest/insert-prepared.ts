import { concernsStore, type EvtError, storeFailure } from "../evt-error.js";
import type { InsertResult } from "../queue/insert-result.js";
import { withRetry } from "../queue/retry.js";
import { aborted, Deadline } from "../runtime/deadline.js";
import type { EventRecord } from "../store.js";
import { withTwins } from "./batch-twins.js";
import { countedUnderEarlierRules } from "./earlier-rules.js";
import { withHolderRaws } from "./holder-raws.js";
import type { IngestContext } from "./ingest-context.js";
import type { JudgedResult } from "./judge.js";
import { hasParts, type PartsContext, type Settled, settleParts } from "./parts-of-batches.js";
import type { Prepared } from "./prepared-event.js";
import { mayDiffer } from "./raw-differences.js";
import { type ReadHolders, underRulesOfGroups } from "./rules-of-groups.js";

/** Inserts prepared events. Result i belongs to event i. A returned event may have a new ordinal. */
export async function insertPrepared(
  prepared: readonly Prepared[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<Settled> {
  if (!prepared.some(({ earlier }) => earlier !== undefined)) return insertNew(prepared, signal, context);
  const { all, before } = await lookUp(prepared, signal, context);
  if (before.size === 0) return insertNew(all, signal, context);
  const others = all.filter((each) => !before.has(each));
  return merged(all, before, await insertNew(others, signal, context));
}

/** Inserts events that were not counted under earlier rules. */
async function insertNew(
  prepared: readonly Prepared[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<Settled> {
  const insert = (records: readonly EventRecord[]) => insertRecords(records, signal, context);
  const results = await insert(prepared.map(({ record }) => record));
  if (!hasParts(prepared, results)) return { prepared, results };
  return settle(prepared, results, insert, signal, context);
}

/** Merges `before` and `others` in the order of `all`. */
function merged(
  all: readonly Prepared[],
  before: ReadonlyMap<unknown, InsertResult>,
  others: Settled,
): Settled {
  let next = 0;
  const indexes = all.map((each) => (before.has(each) ? -1 : next++));
  return {
    prepared: indexes.map((at, i) => (at < 0 ? all[i] : others.prepared[at]) as Prepared),
    results: indexes.map((at, i) => (at < 0 ? before.get(all[i]) : others.results[at]) as JudgedResult),
  };
}

/** Events with the identities to insert, and the results of those that earlier rules counted. */
interface LookedUp {
  readonly all: readonly Prepared[];
  readonly before: ReadonlyMap<unknown, InsertResult>;
}

function lookUp(
  prepared: readonly Prepared[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<LookedUp> {
  return withinDeadline<LookedUp>(
    async (deadline) => {
      const call = { signal: deadline, rawChars: 0 };
      const read: ReadHolders = (records) =>
        withRetry(() => context.store.holders(records, call), context, deadline);
      const all = withNewTwins(await underRulesOfGroups(prepared, read), prepared, context);
      const single = all.filter(({ twin }) => twin === null);
      return { all, before: await countedUnderEarlierRules(single, context, deadline) };
    },
    (error) => ({
      all: prepared,
      before: new Map(prepared.map((each) => [each, { outcome: "unsettled", error }])),
    }),
    signal,
    context,
  );
}

/** Returns the events with the number of their twins, which depends on the identity rules. */
function withNewTwins(
  all: readonly Prepared[],
  before: readonly Prepared[],
  { batchTwins }: IngestContext,
): readonly Prepared[] {
  const [first] = all;
  if (all === before || first === undefined) return all;
  return withTwins(first.record.tenantId, all, batchTwins);
}

/** Settles the events of batches that the call has only in part. */
function settle(
  prepared: readonly Prepared[],
  results: readonly InsertResult[],
  insert: PartsContext["insert"],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<Settled> {
  const unsettled = (error: EvtError): Settled => ({
    prepared,
    results: results.map((result) => (result.outcome === "taken" ? { outcome: "unsettled", error } : result)),
  });
  return withinDeadline(
    (deadline) => settleParts(prepared, results, { ...context, insert, signal: deadline }),
    unsettled,
    signal,
    context,
  );
}

/**
 * Runs `step` within `timeoutMs`. If it fails, returns the result of `failed`, except for the errors below.
 * @throws EvtError `EVT_ABORTED` if the caller has aborted. Also throws an error that affects the whole store
 * (`concernsStore`).
 */
async function withinDeadline<T>(
  step: (signal: AbortSignal) => Promise<T>,
  failed: (error: EvtError) => T,
  signal: AbortSignal | undefined,
  { runtime, timeoutMs }: Pick<IngestContext, "runtime" | "timeoutMs">,
): Promise<T> {
  const deadline = new Deadline(runtime, timeoutMs, signal);
  try {
    return await step(deadline.signal);
  } catch (cause) {
    if (signal?.aborted) throw aborted(signal.reason);
    const error = storeFailure(cause);
    if (concernsStore(error)) throw error;
    return failed(error);
  } finally {
    deadline.dispose();
  }
}

/** Inserts records. @throws EvtError `EVT_ABORTED` if the caller has aborted and a result is `unsettled` */
export async function insertRecords(
  records: readonly EventRecord[],
  signal: AbortSignal | undefined,
  context: Pick<
    IngestContext,
    "queue" | "store" | "runtime" | "rawChars" | "comparedRawChars" | "parkTimeoutMs"
  >,
): Promise<readonly InsertResult[]> {
  const results = await context.queue.submit(records, signal);
  if (signal?.aborted && results.some((result) => result.outcome === "unsettled"))
    throw aborted(signal.reason);
  // with `rawChars` 0 the results omit raw events, but a comparison needs them
  const compares = context.rawChars === 0 && results.some((result, i) => isUncertain(records[i], result));
  const rawChars = compares ? context.comparedRawChars : context.rawChars;
  return withHolderRaws(records, results, { ...context, rawChars }, signal);
}

function isUncertain(record: EventRecord | undefined, result: InsertResult): boolean {
  return record !== undefined && result.outcome === "taken" && mayDiffer({ record }, result);
}
