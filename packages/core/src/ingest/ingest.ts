import type { IngestManyOptions } from "../calls.js";
import { binaryCloudEvent } from "../cloud-event/binary-mode.js";
import type { Identifier } from "../identity/identifier.js";
import type { MappingChoice } from "../normalize/mapping-choice.js";
import type { RawPolicy } from "../normalize/raw-text.js";
import { type IngestReport, ingestReport, type Outcome, type Rejected } from "../outcome.js";
import type { GroupCommit } from "../queue/group-commit.js";
import type { InsertResult } from "../queue/insert-result.js";
import type { UnderWay } from "../queue/under-way.js";
import { aborted } from "../runtime/deadline.js";
import { mapInSlices } from "../runtime/time-slice.js";
import type { EventRecord } from "../store.js";
import { withHolderRaws } from "./holder-raws.js";
import { judge } from "./judge.js";
import { type ParkOptions, parkUncounted } from "./park.js";
import { Preparer } from "./prepare.js";
import type { Prepared, Refused } from "./prepared-event.js";

/** The dependencies of ingesting. */
export interface IngestContext extends ParkOptions {
  readonly choice: MappingChoice;
  readonly raw: RawPolicy;
  readonly identifier: Identifier;
  readonly queue: GroupCommit;
  /** Calls that have not returned yet. Parking comes after the queue. */
  readonly underWay: UnderWay;
  readonly onOutcome: ((outcome: Outcome, tenantId: string) => void) | undefined;
  /** Maximum size of the raw events of stored events in one result, in characters. */
  readonly rawChars: number;
}

/** The life of the events of one call: prepare (pure), insert (the only side effect), judge (pure), park the uncounted ones. */
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
  // an array goes into the queue in this turn of the event loop
  const prepared = preparing instanceof Promise ? await preparing : preparing;
  const results = await insertRecords(recordsOf(prepared), signal, context);
  const judging = judgeAll(prepared, results, context);
  const judged = judging instanceof Promise ? await judging : judging;
  const outcomes = await parkUncounted(judged, context);
  for (const outcome of outcomes) announce(outcome, tenantId, context);
  return outcomes;
}

/** Inserts records: the only side effect. If the caller has aborted, it throws `EVT_ABORTED`, and nothing is judged or parked. */
export async function insertRecords(
  records: readonly EventRecord[],
  signal: AbortSignal | undefined,
  context: Pick<IngestContext, "queue" | "store" | "runtime" | "rawChars" | "parkTimeoutMs">,
): Promise<readonly InsertResult[]> {
  const results = await context.queue.submit(records, signal);
  if (signal?.aborted && results.some((result) => result.outcome === "unsettled"))
    throw aborted(signal.reason);
  return withHolderRaws(records, results, context, signal);
}

type PreparedAll = readonly (Prepared | Refused)[];
type PreparingContext = Pick<IngestContext, "choice" | "raw" | "identifier" | "runtime">;

/** Prepares events for a preview as for an ingest. Many events are prepared in time slices. */
export function prepareInSlices(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: PreparingContext,
): PreparedAll | Promise<PreparedAll> {
  const { idempotencyKeys, rawJson } = options;
  const preparer = preparerFor(tenantId, options, raws.length, context);
  const prepare = (raw: unknown, i: number) =>
    preparer.prepare(raw, idempotencyKeys?.[i] ?? undefined, rawJson?.[i]);
  return mapInSlices(raws, prepare, context.runtime);
}

/** Returns a preparer for events that are received now. @param events - how many events the call has */
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

/** Returns the records of the prepared events, in order. */
export function recordsOf(prepared: readonly (Prepared | Refused)[]): EventRecord[] {
  const records: EventRecord[] = [];
  for (const each of prepared) if (each.outcome === "prepared") records.push(each.record);
  return records;
}

/** Judges all events of a call. Results belong to the prepared events, in order; refused events have none. */
function judgeAll(
  prepared: PreparedAll,
  results: readonly InsertResult[],
  { runtime }: Pick<IngestContext, "runtime">,
): readonly Outcome[] | Promise<readonly Outcome[]> {
  let next = 0;
  const judgeNext = (each: Prepared | Refused) =>
    each.outcome === "prepared" ? judge(each, results[next++] as InsertResult) : rejected(each);
  return mapInSlices(prepared, judgeNext, runtime);
}

function rejected({ parked, issues }: Refused): Rejected {
  return { outcome: "rejected", id: parked.id, parked, issues };
}

/** Calls `onOutcome`. Its errors are ignored: the event is dealt with already. */
export function announce(outcome: Outcome, tenantId: string, { onOutcome }: IngestContext): void {
  try {
    onOutcome?.(outcome, tenantId);
  } catch {
    // listeners must not affect ingest
  }
}
