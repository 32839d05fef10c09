import type { ReplayOptions } from "../calls.js";
import type { ParkedEvent } from "../event.js";
import { concernsStore, EvtError, storeFailure } from "../evt-error.js";
import type { Identifier } from "../identity/identifier.js";
import { countedUnderEarlierRules, type TakenBefore } from "../ingest/earlier-rules.js";
import { storeRefusal } from "../ingest/parked-event.js";
import type { Prepared } from "../ingest/prepared-event.js";
import type { ReplayResult } from "../outcome.js";
import { withRetry } from "../queue/retry.js";
import { Deadline } from "../runtime/deadline.js";
import type { Replay } from "../store.js";
import { BatchKeys } from "./batch-keys.js";
import type { CountedBefore } from "./counted-before.js";
import { isHeldByTwin } from "./held-by-twin.js";
import { judgeOnce } from "./judge-once.js";
import { type Judged, judgeReplay, refusedReplay } from "./judge-replay.js";
import {
  type Attempted,
  attemptsOf,
  isNumbered,
  isPrepared,
  type Prepare,
  type Preparing,
  positionsOf,
} from "./positions-of-replays.js";
import { prepareReplay } from "./prepare-replay.js";
import { counting, foresight, type ReplayAll, type StoreResult } from "./replay-all.js";
import type { ReplayContext } from "./replay-context.js";
import { roundsOf } from "./rounds-of-replays.js";
import type { Candidate } from "./rules-of-replays.js";

/** Maximum number of events in one store call. Small, so that other transactions wait only briefly for its locks. */
const CHUNK = 100;

/** The data that all chunks of one call share. */
interface Call {
  readonly tenantId: string;
  readonly options: ReplayOptions;
  readonly keys: BatchKeys;
}

/**
 * Replays parked events: prepares them, counts them, judges the results, and stores the attempts that did not count an
 * event. Result i belongs to event i.
 */
export async function replayEvents(
  tenantId: string,
  events: readonly ParkedEvent[],
  options: ReplayOptions,
  context: ReplayContext,
  keys = new BatchKeys(),
): Promise<readonly ReplayResult[]> {
  const call: Call = { tenantId, options, keys };
  const results: ReplayResult[] = [];
  for (let at = 0; at < events.length; at += CHUNK) {
    const chunk = events.slice(at, at + CHUNK);
    const found = new Map<ParkedEvent, ReplayResult>();
    for (const round of roundsOf(chunk, context)) {
      const some = await replayChunk(round, call, context);
      for (const [i, parked] of round.entries()) found.set(parked, some[i] as ReplayResult);
    }
    results.push(...chunk.map((parked) => found.get(parked) as ReplayResult));
  }
  return results;
}

async function replayChunk(
  events: readonly ParkedEvent[],
  { tenantId, options, keys }: Call,
  context: ReplayContext,
): Promise<readonly ReplayResult[]> {
  const receivedAt = new Date(context.runtime.now()).toISOString();
  const basis = { ...context, tenantId, receivedAt, receiptId: context.runtime.receiptId };
  const prepareWith =
    (shared: BatchKeys, rules: ReadonlyMap<ParkedEvent, Identifier>): Prepare =>
    (parked) => {
      const identifier = rules.get(parked) ?? context.identifier;
      return prepareReplay(parked, options, { ...basis, identifier, numbering: shared.numbering });
    };
  const renumbered: Prepare = (parked) => {
    const edit = isNumbered(parked) ? undefined : options.edit;
    const { numbering } = new BatchKeys();
    return prepareReplay(parked, { ...options, edit }, { ...basis, renumbers: true, numbering });
  };
  const preparing: Preparing = {
    renumbered,
    under: (rules) => prepareWith(new BatchKeys(), rules),
    isEdited: options.edit !== undefined,
  };
  const deadline = new Deadline(context.runtime, context.timeoutMs, options.signal);
  const { signal } = deadline;
  try {
    const replayAll = options.dryRun ? foresight(context, signal) : counting(tenantId, context, signal);
    const { rules, counted, sendings } = await positionsOf(events, preparing, keys.taken, context, signal);
    const judging = {
      known: judgedOf(counted),
      prepare: prepareWith(keys, rules),
      replayAll,
      taken: keys.taken,
    };
    const judgeSome = (some: readonly ParkedEvent[]) => judgeAll(some, judging, context, signal);
    const judged = await judgeOnce(events, {
      sendings,
      counted: keys.counted,
      judgeSome,
      attempt: () => attemptOf(context),
    });
    if (!options.dryRun) await note(tenantId, judged, context, signal);
    return judged.map(({ result }) => result);
  } catch (error) {
    const failure = storeFailure(error);
    if (concernsStore(failure) || options.signal?.aborted) throw failure;
    return events.map(({ id }) => failed(id, failure));
  } finally {
    deadline.dispose();
  }
}

/** Returns the results of events that are already counted: they are duplicates. */
function judgedOf(counted: readonly CountedBefore[]): ReadonlyMap<ParkedEvent, Judged> {
  return new Map(
    counted.map(({ parked, prepared, holder }) => [
      parked,
      judgeReplay(parked, prepared, { outcome: "taken", ...holder }),
    ]),
  );
}

function preparedOf({ prepared }: { readonly prepared: Prepared }): Prepared {
  return prepared;
}

interface Judging {
  readonly known: ReadonlyMap<ParkedEvent, Judged>;
  readonly prepare: Prepare;
  readonly replayAll: ReplayAll;
  readonly taken: Set<string>;
}

/**
 * Replays all events. Result i belongs to event i. If another event of the batch holds an event's derived key, tries the
 * event again with the next key.
 */
async function judgeAll(
  events: readonly ParkedEvent[],
  { known, prepare, replayAll, taken }: Judging,
  context: ReplayContext,
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const judged = new Map(known);
  let left = events.filter((parked) => !judged.has(parked));
  while (left.length > 0) {
    const attempted = await attemptsOf(left, prepare, context);
    const before = await heldUnderEarlierRules(attempted.filter(isPrepared), taken, context, signal);
    const open = attempted.filter(({ prepared }) => !before.has(prepared));
    const storeResults = (await replayAll(open.flatMap(replayOf))).values();
    const again: ParkedEvent[] = [];
    for (const { parked, prepared } of attempted) {
      const holder = before.get(prepared);
      if (holder !== undefined && prepared.outcome === "prepared") {
        judged.set(parked, judgeReplay(parked, prepared, holder));
        continue;
      }
      if (prepared.outcome === "rejected") {
        judged.set(parked, refusedReplay(parked, prepared, attemptOf(context)));
        continue;
      }
      const stored: StoreResult | undefined = storeResults.next().value;
      if (stored === undefined) throw tooFewOutcomes();
      if (
        "outcome" in stored &&
        (await isHeldByTwin({ parked, prepared }, stored.outcome, { ...context, taken }, signal))
      )
        again.push(parked);
      else judged.set(parked, judge(parked, prepared, stored, context));
    }
    left = again;
  }
  for (const { result } of judged.values()) if (result.outcome === "processed") taken.add(result.id);
  return events.map((parked) => judged.get(parked) as Judged);
}

/**
 * Returns the holders of events under earlier rules. A derived key of a batch may belong to another event of the batch with
 * equal content, so such a holder is left out.
 */
async function heldUnderEarlierRules(
  attempted: readonly Candidate[],
  taken: ReadonlySet<string>,
  context: ReplayContext,
  signal: AbortSignal,
): Promise<ReadonlyMap<unknown, TakenBefore>> {
  const holders = await countedUnderEarlierRules(attempted.map(preparedOf), context, signal);
  const held = new Map(holders);
  for (const candidate of attempted) {
    const holder = held.get(candidate.prepared);
    if (holder !== undefined && (await isHeldByTwin(candidate, holder, { ...context, taken }, signal)))
      held.delete(candidate.prepared);
  }
  return held;
}

function replayOf({ parked, prepared }: Attempted): Replay[] {
  return prepared.outcome === "prepared" ? [{ parkedId: parked.id, record: prepared.record }] : [];
}

function judge(parked: ParkedEvent, prepared: Prepared, stored: StoreResult, context: ReplayContext): Judged {
  if ("outcome" in stored) return judgeReplay(parked, prepared, stored.outcome);
  if ("twin" in stored) {
    const result = { parkedId: parked.id, outcome: "duplicate", id: stored.twin, event: null } as const;
    return { result, attempt: null };
  }
  if (!stored.refused) return { result: failed(parked.id, stored.error), attempt: null };
  const issues = [storeRefusal(stored.error)];
  return refusedReplay(parked, { event: prepared.record, issues }, attemptOf(context));
}

/**
 * Stores attempts. If this fails, the replay fails, because a missing attempt leaves the history incomplete or a
 * duplicate unresolved.
 */
async function note(
  tenantId: string,
  judged: readonly Judged[],
  context: ReplayContext,
  signal: AbortSignal,
): Promise<void> {
  const attempts = judged.flatMap(({ attempt }) => attempt ?? []);
  if (attempts.length === 0) return;
  const noting = () => withRetry(() => context.store.note(tenantId, attempts, { signal }), context, signal);
  await context.turns.take(tenantId, signal, noting, true);
}

const attemptOf = ({ runtime }: ReplayContext) => ({
  replayId: runtime.receiptId(),
  at: new Date(runtime.now()).toISOString(),
});

export function failed(parkedId: string, { code, message }: EvtError): ReplayResult {
  return { parkedId, outcome: "failed", error: { code, message } };
}

function tooFewOutcomes(): EvtError {
  return new EvtError("EVT_INTERNAL", "the store returned fewer outcomes than there were replays");
}
