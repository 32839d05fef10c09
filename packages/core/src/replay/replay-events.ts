import type { ParkedEvent } from "../event.js";
import { EvtError, storeFailure } from "../evt-error.js";
import type { IngestContext } from "../ingest/ingest.js";
import { isolate } from "../ingest/isolate.js";
import type { Prepared } from "../ingest/prepare.js";
import { withRetry } from "../ingest/retry.js";
import { before, Deadline } from "../runtime/deadline.js";
import { type Judged, judgeReplay, refusedReplay } from "./judge-replay.js";
import { prepareReplay, type StillRefused } from "./prepare-replay.js";
import type { ReplayOptions, ReplayResult } from "./replay-api.js";
import type { ReplayStore } from "./replay-store.js";

export interface ReplayContext extends Omit<IngestContext, "queue" | "onOutcome"> {
  readonly store: ReplayStore;
  readonly timeoutMs: number;
}

/** Records in one insert: small, so that whoever waits for one of its locks waits for little. */
const CHUNK = 100;

type Attempted = { readonly parked: ParkedEvent; readonly prepared: Prepared | StillRefused };

/** Replays parked events: prepare (pure), count what can be (one effect), judge (pure), note what came to nothing. */
export async function replayEvents(
  tenantId: string,
  events: readonly ParkedEvent[],
  options: ReplayOptions,
  context: ReplayContext,
): Promise<readonly ReplayResult[]> {
  const results: ReplayResult[] = [];
  for (let at = 0; at < events.length; at += CHUNK)
    results.push(...(await replayChunk(tenantId, events.slice(at, at + CHUNK), options, context)));
  return results;
}

async function replayChunk(
  tenantId: string,
  events: readonly ParkedEvent[],
  options: ReplayOptions,
  context: ReplayContext,
): Promise<readonly ReplayResult[]> {
  const receivedAt = new Date(context.runtime.now()).toISOString();
  const basis = { ...context, tenantId, receivedAt, receiptId: context.runtime.receiptId };
  const attempted = events.map((parked) => ({ parked, prepared: prepareReplay(parked, options, basis) }));
  const deadline = new Deadline(context.runtime, context.timeoutMs, options.signal);
  const { signal } = deadline;
  try {
    const judged = options.dryRun
      ? await foresee(attempted, context, signal)
      : await count(attempted, context, signal);
    if (!options.dryRun) await note(tenantId, judged, context, signal);
    return judged.map(({ result }) => result);
  } catch (error) {
    const failure = storeFailure(error);
    if (failure.code === "EVT_INTERNAL" || options.signal?.aborted) throw failure;
    return events.map(({ id }) => failed(id, failure));
  } finally {
    deadline.dispose();
  }
}

/** Each that can be counted, unless it is resolved; outcome i answers event i. */
async function count(
  attempted: readonly Attempted[],
  context: ReplayContext,
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const { store } = context;
  const replays = attempted.flatMap(({ parked, prepared }) =>
    prepared.outcome === "prepared" ? [{ parkedId: parked.id, record: prepared.record }] : [],
  );
  const isolated = await isolate(replays, (some) =>
    withRetry(() => store.replay(some, { signal }), context, signal),
  );
  let next = 0;
  return attempted.map(({ parked, prepared }) => {
    if (prepared.outcome === "rejected") return refusedReplay(parked, prepared, attemptOf(context));
    const fate = isolated[next++];
    if (fate === undefined) throw shortAnswer();
    if ("answer" in fate) return judgeReplay(parked, prepared, fate.answer);
    if (!fate.refused) return { result: failed(parked.id, fate.error), attempt: null };
    const message = `the store cannot hold this event: ${fate.error.message}`;
    const issues = [{ code: "refused_by_store" as const, path: "", message }];
    return refusedReplay(parked, { event: prepared.record, issues }, attemptOf(context));
  });
}

/** What `count` would answer now. */
async function foresee(
  attempted: readonly Attempted[],
  context: ReplayContext,
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const records = attempted.flatMap(({ prepared }) =>
    prepared.outcome === "prepared" ? [prepared.record] : [],
  );
  const holders = await before(signal, () => context.store.holders(records, { signal }));
  let next = 0;
  const seen = new Set<string>();
  return attempted.map(({ parked, prepared }) => {
    if (prepared.outcome === "rejected") return refusedReplay(parked, prepared, attemptOf(context));
    const holder = holders[next++] ?? null;
    if (holder !== null) return judgeReplay(parked, prepared, { outcome: "taken", ...holder });
    const { identity, id } = prepared.record;
    if (seen.has(identity))
      return { result: { parkedId: parked.id, outcome: "duplicate", id, event: null }, attempt: null };
    seen.add(identity);
    return judgeReplay(parked, prepared, { outcome: "inserted" });
  });
}

/** An attempt that cannot be kept is a failure: it would be missing from the history, or leave a duplicate open. */
async function note(
  tenantId: string,
  judged: readonly Judged[],
  context: ReplayContext,
  signal: AbortSignal,
): Promise<void> {
  const attempts = judged.flatMap(({ attempt }) => attempt ?? []);
  if (attempts.length === 0) return;
  await withRetry(() => context.store.note(tenantId, attempts, { signal }), context, signal);
}

const attemptOf = ({ runtime }: ReplayContext) => ({
  replayId: runtime.receiptId(),
  at: new Date(runtime.now()).toISOString(),
});

function failed(parkedId: string, { code, message }: EvtError): ReplayResult {
  return { parkedId, outcome: "failed", error: { code, message } };
}

function shortAnswer(): EvtError {
  return new EvtError("EVT_INTERNAL", "the store answered fewer outcomes than it was given replays");
}
