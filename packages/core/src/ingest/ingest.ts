import type { IngestManyOptions, IngestOptions } from "../calls.js";
import { binaryCloudEvent } from "../cloud-event/binary-mode.js";
import { concernsStore, EvtError, storeFailure } from "../evt-error.js";
import type { Identifier } from "../identity/identifier.js";
import type { MappingChoice } from "../normalize/mapping-choice.js";
import type { RawPolicy } from "../normalize/raw-text.js";
import { type IngestReport, ingestReport, type Outcome, type Rejected } from "../outcome.js";
import type { GroupCommit } from "../queue/group-commit.js";
import type { InsertResult } from "../queue/insert-result.js";
import type { UnderWay } from "../queue/under-way.js";
import { aborted, Deadline } from "../runtime/deadline.js";
import { mapInSlices } from "../runtime/time-slice.js";
import type { EventRecord } from "../store.js";
import { type BatchTwins, withTwins } from "./batch-twins.js";
import { countedUnderEarlierRules } from "./earlier-rules.js";
import { Envelopes, prepareSent, type Sent } from "./envelopes.js";
import { withHolderRaws } from "./holder-raws.js";
import { judge } from "./judge.js";
import { withoutOtherRaw, withSameAs } from "./merged-events.js";
import { type ParkOptions, parkUncounted } from "./park.js";
import { hasParts, type PartsContext, type Settled, settleParts } from "./parts-of-batches.js";
import { Preparer } from "./prepare.js";
import type { Prepared, Refused } from "./prepared-event.js";
import { mayDiffer } from "./raw-differences.js";

/** The dependencies of ingesting. */
export interface IngestContext extends ParkOptions {
  readonly choice: MappingChoice;
  readonly raw: RawPolicy;
  readonly identifier: Identifier;
  readonly queue: GroupCommit;
  /**
   * The calls that have not yet returned. `close` waits for them, because a call parks events after the queue has
   * returned their results.
   */
  readonly underWay: UnderWay;
  readonly onOutcome: ((outcome: Outcome, tenantId: string) => void) | undefined;
  /** Maximum size of the raw events of stored events in one result, in characters. */
  readonly rawChars: number;
  /** Maximum number of events in all envelopes of one call. */
  readonly unwrappedEvents: number;
  /** Maximum size of the stored raw events that one call reads for comparison, in characters. */
  readonly comparedRawChars: number;
  readonly timeoutMs: number;
  readonly batchTwins: BatchTwins;
}

/**
 * Processes the events of one call in four steps: prepare (pure), insert, judge (pure), and park the events that were not
 * counted.
 */
export async function ingestAll(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: IngestContext,
): Promise<IngestReport> {
  const prepared = prepareInSlices(tenantId, raws, options, context);
  const shown = options.raw === false ? { ...context, rawChars: 0 } : context;
  return ingestReport(await countPrepared(tenantId, prepared, options.signal, shown));
}

/**
 * Counts one event.
 * @throws EvtError `EVT_INVALID_EVENT` if it is an envelope that does not have exactly one event. Nothing is stored then.
 */
export async function ingestOne(
  tenantId: string,
  raw: unknown,
  options: IngestManyOptions,
  context: IngestContext,
): Promise<Outcome> {
  const preparing = prepareInSlices(tenantId, [raw], options, context);
  const prepared = preparing instanceof Promise ? await preparing : preparing;
  const { length } = prepared;
  if (length !== 1) {
    const message = `the event is an envelope of ${length} events; pass it to ingestMany`;
    throw new EvtError("EVT_INVALID_EVENT", message);
  }
  const shown = options.raw === false ? { ...context, rawChars: 0 } : context;
  const [outcome] = await countPrepared(tenantId, prepared, options.signal, shown);
  return outcome as Outcome;
}

/** Inserts, judges and parks prepared events. */
export function countPrepared(
  tenantId: string,
  prepared: PreparedAll | Promise<PreparedAll>,
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<readonly Outcome[]> {
  return context.underWay.during(count(tenantId, prepared, signal, context));
}

async function count(
  tenantId: string,
  preparing: PreparedAll | Promise<PreparedAll>,
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<readonly Outcome[]> {
  // an array is added to the queue in this turn of the event loop, so that calls of one turn share an insert
  const prepared = withTwins(
    tenantId,
    preparing instanceof Promise ? await preparing : preparing,
    context.batchTwins,
  );
  const settled = await insertPrepared(prepared.filter(isPrepared), signal, context);
  const judging = judgeAll(prepared, settled, context);
  const judged = judging instanceof Promise ? await judging : judging;
  const outcomes = await parkUncounted(judged, context);
  for (const [i, outcome] of outcomes.entries()) {
    const { place } = prepared[i] as Prepared | Refused;
    if (place !== undefined) Object.assign(outcome, { place });
    announce(outcome, tenantId, context);
  }
  return outcomes;
}

/** Inserts prepared events. Result i belongs to event i. A returned event may have a new ordinal. */
async function insertPrepared(
  prepared: readonly Prepared[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<readonly Settled[]> {
  const isChanged = prepared.some(({ earlier }) => earlier !== undefined);
  const before = isChanged ? await lookUp(prepared, signal, context) : NONE;
  const others = before.size === 0 ? prepared : prepared.filter((each) => !before.has(each));
  const insert = (records: readonly EventRecord[]) => insertRecords(records, signal, context);
  const results = await insert(others.map(({ record }) => record));
  const settled = hasParts(others, results)
    ? await settle(others, results, insert, signal, context)
    : others.map((each, i) => ({ prepared: each, result: results[i] as InsertResult }));
  if (before.size === 0) return settled;
  const next = settled.values();
  return prepared.map((each) => {
    const result = before.get(each);
    return result === undefined ? (next.next().value as Settled) : { prepared: each, result };
  });
}

const NONE: ReadonlyMap<unknown, InsertResult> = new Map();

/** Looks up events under earlier identity rules. If the lookup fails, all of these events are unsettled. */
function lookUp(
  prepared: readonly Prepared[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<ReadonlyMap<unknown, InsertResult>> {
  return withinDeadline<ReadonlyMap<unknown, InsertResult>>(
    (deadline) => countedUnderEarlierRules(prepared, context, deadline),
    (error) => new Map(prepared.map((each) => [each, { outcome: "unsettled", error }])),
    signal,
    context,
  );
}

/** Settles the events whose call has only a part of their batch. If this fails, these events are unsettled. */
function settle(
  prepared: readonly Prepared[],
  results: readonly InsertResult[],
  insert: PartsContext["insert"],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<readonly Settled[]> {
  const unsettled = (error: EvtError) =>
    prepared.map((each, i): Settled => {
      const result = results[i] as InsertResult;
      return {
        prepared: each,
        result: result.outcome === "taken" ? { outcome: "unsettled", error } : result,
      };
    });
  return withinDeadline(
    (deadline) => settleParts(prepared, results, { ...context, insert, signal: deadline }),
    unsettled,
    signal,
    context,
  );
}

/**
 * Runs a step that needs the store, within the time limit of a call. If the step fails, returns the result of `failed`.
 * @throws EvtError `EVT_ABORTED` if the caller has aborted, or the error that affects the whole store
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

/** Inserts records. If the caller has aborted, throws `EVT_ABORTED`, so that no event is judged or parked. */
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
  // read for the comparison of raw events, even if the result does not include them
  const compares = context.rawChars === 0 && results.some((result, i) => isUncertain(records[i], result));
  const rawChars = compares ? context.comparedRawChars : context.rawChars;
  return withHolderRaws(records, results, { ...context, rawChars }, signal);
}

function isUncertain(record: EventRecord | undefined, result: InsertResult): boolean {
  return record !== undefined && result.outcome === "taken" && mayDiffer({ record }, result);
}

function isPrepared(each: Prepared | Refused): each is Prepared {
  return each.outcome === "prepared";
}

type PreparedAll = readonly (Prepared | Refused)[];
type PreparingContext = Pick<IngestContext, "choice" | "raw" | "identifier" | "runtime" | "unwrappedEvents">;

/** Prepares events for an ingest or a preview, and unwraps envelopes. Many events are prepared in time slices. */
export function prepareInSlices(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: PreparingContext,
): PreparedAll | Promise<PreparedAll> {
  const { idempotencyKeys, rawJson } = options;
  const preparer = preparerFor(tenantId, options, raws.length, context);
  const envelopes = envelopesOf(tenantId, preparer, options, context);
  if (envelopes !== undefined) {
    const open = (raw: unknown, i: number) =>
      envelopes.open(raw, i, idempotencyKeys?.[i] ?? undefined, rawJson?.[i]);
    const opened = mapInSlices(raws, open, context.runtime);
    return opened instanceof Promise
      ? opened.then((sent) => prepareOpened(sent, context))
      : prepareOpened(opened, context);
  }
  const prepare = (raw: unknown, i: number) =>
    preparer.prepare(raw, idempotencyKeys?.[i] ?? undefined, rawJson?.[i]);
  return mapInSlices(raws, prepare, context.runtime);
}

function prepareOpened(
  opened: readonly (readonly Sent[])[],
  { runtime }: PreparingContext,
): PreparedAll | Promise<PreparedAll> {
  const sent = opened.flat();
  const hasEnvelopes = sent.length !== opened.length || sent.some(({ place }) => place.part !== undefined);
  return mapInSlices(sent, (each) => prepareSent(each, hasEnvelopes), runtime);
}

/** Returns the object that unwraps the envelopes of a call. `undefined` if the call needs no unwrapping. */
export function envelopesOf(
  tenantId: string,
  preparer: Preparer,
  { clientId, mapping, unwrap }: IngestOptions,
  { choice, unwrappedEvents }: PreparingContext,
): Envelopes | undefined {
  if (unwrap === undefined && !choice.unwraps) return undefined;
  return new Envelopes(preparer, { tenantId, clientId, mapping, unwrap, choice, unwrappedEvents });
}

/** Returns a preparer for events that are received now. @param events - the number of events in the call */
export function preparerFor(
  tenantId: string,
  { clientId, mapping, idempotencyKey: batchKey, headers }: IngestManyOptions,
  events: number,
  { choice, raw, identifier, runtime }: Pick<IngestContext, "choice" | "raw" | "identifier" | "runtime">,
  sentOnce = false,
): Preparer {
  const { receiptId } = runtime;
  const receivedAt = new Date(runtime.now()).toISOString();
  return new Preparer({
    tenantId,
    receivedAt,
    clientId,
    mapping,
    batchKey,
    cloudEvent: binaryCloudEvent(headers, events),
    choice,
    raw,
    identifier,
    receiptId,
    sentOnce,
  });
}

/** Judges all events of a call. `results` has one item for each prepared event, in order, and none for refused events. */
function judgeAll(
  prepared: PreparedAll,
  settled: readonly Settled[],
  { runtime, rawChars }: Pick<IngestContext, "runtime" | "rawChars">,
): readonly Outcome[] | Promise<readonly Outcome[]> {
  let next = 0;
  const records: (EventRecord | null)[] = [];
  const judgeNext = (each: Prepared | Refused, index: number) => {
    records[index] = null;
    if (each.outcome === "rejected") return rejected(each);
    const { prepared: counted, result } = settled[next++] as Settled;
    records[index] = counted.record;
    const outcome = judge(counted, result);
    return rawChars === 0 ? withoutOtherRaw(outcome, counted.record) : outcome;
  };
  const withTwins = (outcomes: readonly Outcome[]) => withSameAs(outcomes, (index) => records[index] ?? null);
  const judging = mapInSlices(prepared, judgeNext, runtime);
  return judging instanceof Promise ? judging.then(withTwins) : withTwins(judging);
}

function rejected({ parked, issues }: Refused): Rejected {
  return { outcome: "rejected", id: parked.id, parked, issues };
}

/** Calls `onOutcome`. Its errors are ignored, because the outcome is already final. */
export function announce(outcome: Outcome, tenantId: string, { onOutcome }: IngestContext): void {
  try {
    onOutcome?.(outcome, tenantId);
  } catch {
    // listeners must not affect ingest
  }
}
