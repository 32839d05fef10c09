import type { PreparedEvent } from "../calls.js";
import { type IngestReport, ingestReport, type Outcome } from "../outcome.js";
import { announce } from "./ingest.js";
import type { IngestContext } from "./ingest-context.js";
import { insertRecords } from "./insert-prepared.js";
import { judge } from "./judge.js";
import { withoutOtherRaw, withSameAs } from "./merged-events.js";
import { parkUncounted } from "./park.js";

/**
 * Counts events that were prepared earlier. Failed events are not parked: the caller still has them and must pass them
 * again.
 */
export function ingestPrepared(
  events: readonly PreparedEvent[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<IngestReport> {
  return context.underWay.during(count(events, signal, context));
}

async function count(
  events: readonly PreparedEvent[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<IngestReport> {
  const records = events.map(({ record }) => record);
  const results = await insertRecords(records, signal, { ...context, rawChars: 0 });
  const alone = results.map((result, i) => {
    const { vouchedClientId = null, ...event } = events[i] as PreparedEvent;
    const { record } = event;
    return withoutOtherRaw(judge({ ...event, text: record.rawJson ?? "", vouchedClientId }, result), record);
  });
  const judged = withSameAs(alone, () => records);
  const outcomes = await parkRefused(judged, context);
  for (const [i, { tenantId }] of records.entries()) announce(outcomes[i] as Outcome, tenantId, context);
  return ingestReport(outcomes);
}

async function parkRefused(judged: readonly Outcome[], context: IngestContext): Promise<readonly Outcome[]> {
  const settled = judged.filter(({ outcome }) => outcome !== "failed");
  const parked = (await parkUncounted(settled, context)).values();
  return judged.map((each) => (each.outcome === "failed" ? each : (parked.next().value as Outcome)));
}
