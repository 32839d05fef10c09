import type { IngestManyOptions } from "../calls.js";
import { EvtError } from "../evt-error.js";
import { type IngestReport, ingestReport, type Outcome, type Rejected } from "../outcome.js";
import { mapInSlices } from "../runtime/time-slice.js";
import type { EventRecord } from "../store.js";
import { withTwins } from "./batch-twins.js";
import type { IngestContext } from "./ingest-context.js";
import { insertPrepared } from "./insert-prepared.js";
import { type JudgedResult, judge } from "./judge.js";
import { withoutOtherRaw, withSameAs } from "./merged-events.js";
import { parkUncounted } from "./park.js";
import type { Settled } from "./parts-of-batches.js";
import { type PreparedAll, prepareInSlices } from "./prepare-in-slices.js";
import type { Prepared, Refused } from "./prepared-event.js";

/** Prepares, inserts, judges and, if needed, parks the events of one call. */
export async function ingestAll(
  tenantId: string,
  raws: readonly unknown[],
  options: IngestManyOptions,
  context: IngestContext,
): Promise<IngestReport> {
  const preparing = prepareInSlices(tenantId, raws, options, context);
  const prepared = options.partial ? requireUnnumbered(await preparing) : preparing;
  const shown = options.raw === false ? { ...context, rawChars: 0 } : context;
  return ingestReport(await countPrepared(tenantId, prepared, options.signal, shown));
}

/** @throws EvtError `EVT_INVALID_EVENT` if the identity of an event depends on the equal events of its call */
function requireUnnumbered(prepared: PreparedAll): PreparedAll {
  const isNumbered = (each: Prepared | Refused) =>
    each.outcome === "prepared" && each.numbered !== undefined && each.record.idempotencyKey === null;
  if (!prepared.some(isNumbered)) return prepared;
  const message =
    'an event has no key, and its mapping has `identical: "ordinal"` or "reject", which needs all equal events in one call; send a key with each event, or send the events in one array';
  throw new EvtError("EVT_INVALID_EVENT", message);
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

/** Inserts, judges and, if needed, parks prepared events. */
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
  // without an await, the events join the queue in this turn of the event loop, so that calls of one turn share an
  // insert
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

function isPrepared(each: Prepared | Refused): each is Prepared {
  return each.outcome === "prepared";
}

/** `settled` has one item for each prepared event, in order, and none for refused events. */
function judgeAll(
  prepared: PreparedAll,
  settled: Settled,
  { runtime, rawChars }: Pick<IngestContext, "runtime" | "rawChars">,
): readonly Outcome[] | Promise<readonly Outcome[]> {
  let next = 0;
  const judgeNext = (each: Prepared | Refused) => {
    if (each.outcome === "rejected") return rejected(each);
    const at = next++;
    const counted = settled.prepared[at] as Prepared;
    const outcome = judge(counted, settled.results[at] as JudgedResult);
    return rawChars === 0 ? withoutOtherRaw(outcome, counted.record) : outcome;
  };
  const recordsOf = () => recordsOfAll(prepared, settled);
  const judging = mapInSlices(prepared, judgeNext, runtime);
  return judging instanceof Promise
    ? judging.then((outcomes) => withSameAs(outcomes, recordsOf))
    : withSameAs(judging, recordsOf);
}

function recordsOfAll(prepared: PreparedAll, settled: Settled): readonly (EventRecord | null)[] {
  let next = 0;
  return prepared.map((each) =>
    each.outcome === "rejected" ? null : (settled.prepared[next++] as Prepared).record,
  );
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
