import type { PreparedEvent } from "../evt.js";
import { type IngestReport, ingestReport, type Outcome } from "../outcome.js";
import { announce, fatesOf, type IngestContext } from "./ingest.js";
import { judge } from "./judge.js";
import { keep } from "./park.js";

/**
 * The rest of the life of events that were prepared before and kept somewhere since. Those that fail are not parked:
 * they are kept already, by whoever hands them in, and a letter for each would tell of a failure that is none yet.
 */
export function ingestKept(
  events: readonly PreparedEvent[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<IngestReport> {
  return context.underWay.during(settleKept(events, signal, context));
}

async function settleKept(
  events: readonly PreparedEvent[],
  signal: AbortSignal | undefined,
  context: IngestContext,
): Promise<IngestReport> {
  const records = events.map(({ record }) => record);
  const fates = await fatesOf(records, signal, { ...context, rawChars: 0 });
  const judged = fates.map((fate, i) => {
    const { record, provenance, vouchedClientId = null } = events[i] as PreparedEvent;
    return judge({ record, provenance, text: record.rawJson ?? "", vouchedClientId }, fate);
  });
  const outcomes = await keepSettled(judged, context);
  for (const [i, { tenantId }] of records.entries()) announce(outcomes[i] as Outcome, tenantId, context);
  return ingestReport(outcomes);
}

async function keepSettled(judged: readonly Outcome[], context: IngestContext): Promise<readonly Outcome[]> {
  const settled = judged.filter(({ outcome }) => outcome !== "failed");
  const kept = (await keep(settled, context)).values();
  return judged.map((each) => (each.outcome === "failed" ? each : (kept.next().value as Outcome)));
}
