import type { ParkedEvent } from "../event.js";
import type { ReadContext } from "../query/read.js";
import { attemptsOf } from "./attempts-of.js";
import type { ReplayOptions, ReplayQuery, ReplayReport, ReplayResult } from "./replay-api.js";
import { type ReplayContext, replayEvents } from "./replay-events.js";
import { parkedByIds, parkedPage } from "./select-parked.js";

type Context = ReplayContext & ReadContext;

/** Replays the parked events of these ids; result i answers id i. */
export async function replayIds(
  tenantId: string,
  ids: readonly string[],
  options: ReplayOptions,
  context: Context,
): Promise<ReplayReport> {
  const found = await parkedByIds(tenantId, ids, options.signal, context);
  const open = new Map<string, ParkedEvent>();
  for (const parked of found) if (parked !== null && parked.resolvedAt === null) open.set(parked.id, parked);
  const replayed = await replayEvents(tenantId, [...open.values()], options, context);
  const results = new Map(replayed.map((result) => [result.parkedId, result]));
  const answers = found.map(async (parked, i): Promise<ReplayResult> => {
    if (parked === null) return { parkedId: String(ids[i]), outcome: "unknown" };
    return results.get(parked.id) ?? (await settled(parked, options.signal, context));
  });
  return report(await Promise.all(answers), null);
}

/** Replays the open parked events of a filter, a page of them. */
export async function replayAll(
  tenantId: string,
  query: ReplayQuery,
  options: ReplayOptions,
  context: Context,
): Promise<ReplayReport> {
  const { events, nextCursor } = await parkedPage(tenantId, query, options.signal, context);
  return report(await replayEvents(tenantId, events, options, context), nextCursor);
}

/** Resolved before: as which event, its history knows. */
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
  for (const { outcome } of results) counts[outcome]++;
  const { processed, duplicate: duplicates, conflict: conflicts, rejected, failed } = counts;
  const settled = counts.settled + counts.unknown;
  return { results, processed, duplicates, conflicts, rejected, failed, settled, nextCursor };
}
