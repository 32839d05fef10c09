import type { ReplayOptions } from "../calls.js";
import type { ParkedEvent } from "../event.js";
import type { ReplayReport, ReplayResult } from "../outcome.js";
import type { ReplayQuery } from "../queries.js";
import { QUERY_LIMITS } from "../query/query-limits.js";
import { checkedInteger } from "../query/query-range.js";
import { RawBudget } from "../queue/raw-budget.js";
import type { ReadContext } from "../queue/read.js";
import { overdue } from "../runtime/deadline.js";
import { attemptsOf } from "./attempts-of.js";
import { BatchKeys } from "./batch-keys.js";
import type { ReplayContext } from "./replay-context.js";
import { replayWithEnvelopes } from "./replay-envelopes.js";
import { failed } from "./replay-events.js";
import { checkedIds, parkedByIds, parkedPage } from "./select-parked.js";

type Context = ReplayContext & ReadContext;

/**
 * Maximum number of ids in one step. If some raw events of a step do not fit into `rawChars`, the next step has fewer
 * ids.
 */
const IDS_AT_ONCE = 100;

/**
 * Replays the parked events with these ids. Result i belongs to id i. Works in steps, so that few raw events are in
 * memory.
 */
export async function replayIds(
  tenantId: string,
  ids: readonly string[],
  options: ReplayOptions,
  context: Context,
): Promise<ReplayReport> {
  const results = new Map<string, ReplayResult>();
  const budget = new RawBudget(context.rawChars);
  const isLate = lateness(context);
  const keys = new BatchKeys();
  let open = checkedIds(ids);
  for (let size = IDS_AT_ONCE; open.length > 0 && !isLate(); ) {
    const step = open.slice(0, size);
    for (const result of await replayStep(tenantId, step, options, context, keys))
      results.set(result.parkedId, bounded(result, budget));
    const left = step.filter((id) => !results.has(String(id)));
    size = Math.min(IDS_AT_ONCE, left.length === 0 ? size * 2 : Math.max(1, step.length - left.length));
    open = [...left, ...open.slice(step.length)];
  }
  const overdueResult = (id: string): ReplayResult => failed(id, overdue(context.timeoutMs));
  return report(
    ids.map((id) => results.get(String(id)) ?? overdueResult(String(id))),
    null,
  );
}

/** Replays the unresolved events whose raw events fit into `rawChars`. The other unresolved events have no result. */
async function replayStep(
  tenantId: string,
  ids: readonly string[],
  options: ReplayOptions,
  context: Context,
  keys: BatchKeys,
): Promise<readonly ReplayResult[]> {
  const found = await parkedByIds(tenantId, ids, options.signal, context);
  const parked = found.filter((each) => each !== null);
  const open = parked.filter(({ resolvedAt, rawOmitted }) => resolvedAt === null && !rawOmitted);
  const unknown = ids.flatMap((id, i): ReplayResult[] =>
    found[i] === null ? [{ parkedId: String(id), outcome: "unknown" }] : [],
  );
  const resolved = parked.filter(({ resolvedAt }) => resolvedAt !== null);
  return [
    ...unknown,
    ...(await replayWithEnvelopes(tenantId, open, options, context, keys)),
    ...(await Promise.all(resolved.map((each) => settled(each, options.signal, context)))),
  ];
}

/**
 * Replays the unresolved parked events that a query selects, up to its limit or until the time limit has passed. Works
 * page by page, so that few raw events are in memory.
 */
export async function replayPage(
  tenantId: string,
  { limit: most, ...query }: Omit<ReplayQuery, "all">,
  options: ReplayOptions,
  context: Context,
): Promise<ReplayReport> {
  const limit = checkedInteger("limit", most, 1, QUERY_LIMITS.replays, QUERY_LIMITS.replays);
  const results: ReplayResult[] = [];
  const budget = new RawBudget(context.rawChars);
  const isLate = lateness(context);
  const keys = new BatchKeys();
  let from: ReplayQuery = query;
  for (;;) {
    const page = { ...from, limit: limit - results.length };
    const { events, nextCursor } = await parkedPage(tenantId, page, options.signal, context);
    for (const result of await replayWithEnvelopes(tenantId, events, options, context, keys))
      results.push(bounded(result, budget));
    if (nextCursor === null || results.length >= limit || isLate()) return report(results, nextCursor);
    from = { ...query, cursor: nextCursor };
  }
}

/** Returns a function that returns whether the call's time limit has passed. */
function lateness({ runtime, timeoutMs }: Context): () => boolean {
  const end = runtime.now() + timeoutMs;
  return () => runtime.now() >= end;
}

function bounded(result: ReplayResult, budget: RawBudget): ReplayResult {
  if (result.outcome === "unwrapped")
    return { ...result, parts: result.parts.map((part) => bounded(part, budget)) };
  if (!("event" in result) || result.event === null) return result;
  return { ...result, event: budget.bound(result.event) };
}

/** Returns the result for an event that was resolved earlier. The counted event's id comes from the replay history. */
async function settled(
  { tenantId, id }: ParkedEvent,
  signal: AbortSignal | undefined,
  context: Context,
): Promise<ReplayResult> {
  const attempts = await attemptsOf(tenantId, id, signal, context);
  const eventId = attempts.findLast(
    ({ outcome }) => outcome === "processed" || outcome === "duplicate",
  )?.eventId;
  return { parkedId: id, outcome: "settled", id: eventId ?? null };
}

function report(results: readonly ReplayResult[], nextCursor: string | null): ReplayReport {
  const counts = { processed: 0, duplicate: 0, conflict: 0, rejected: 0, failed: 0, settled: 0, unknown: 0 };
  const single = results.flatMap((result) => (result.outcome === "unwrapped" ? result.parts : result));
  for (const { outcome } of single) if (outcome !== "unwrapped") counts[outcome]++;
  const { processed, duplicate: duplicates, conflict: conflicts, rejected, failed } = counts;
  const settled = counts.settled + counts.unknown;
  return { results, processed, duplicates, conflicts, rejected, failed, settled, nextCursor };
}
