import type { PreparedEvent, PrepareOptions } from "../calls.js";
import { EvtError } from "../evt-error.js";
import type { EventIssue } from "../issue.js";
import { prepareSent } from "./envelopes.js";
import type { IngestContext } from "./ingest-context.js";
import { envelopesOf, preparerFor } from "./prepare-in-slices.js";
import type { Prepared, Refused } from "./prepared-event.js";

/** Prepares events to be counted later: all of them or none. @throws EvtError `EVT_INVALID_EVENT` */
export function prepareAll(
  tenantId: string,
  raws: readonly unknown[],
  options: PrepareOptions,
  context: IngestContext,
): readonly PreparedEvent[] {
  const preparer = preparerFor(tenantId, options, raws.length, context, true);
  const { idempotencyKeys, rawJson } = options;
  const envelopes = envelopesOf(tenantId, preparer, options, context);
  const prepared = raws.flatMap((raw, index) => {
    const [key, json] = [idempotencyKeys?.[index] ?? undefined, rawJson?.[index]];
    const sent = envelopes?.open(raw, index, key, json);
    return sent?.map((each) => prepareSent(each, true)) ?? preparer.prepare(raw, key, json);
  });
  const issues = prepared.flatMap((each, i) => issuesOf(each, each.place?.index ?? i));
  if (issues.length > 0) throw invalid(issues, raws.length);
  return (prepared as readonly Prepared[]).map(preparedEvent);
}

/** Omits members with default values, because an outbox stores the result. */
function preparedEvent({
  record,
  provenance,
  vouchedClientId,
  sameContent,
  ordinal,
  numbered,
  unwrapped,
}: Prepared): PreparedEvent {
  return {
    record,
    provenance,
    ...(vouchedClientId !== null && { vouchedClientId }),
    ...(sameContent === "conflict" && { sameContent }),
    ...(ordinal > 0 && { ordinal }),
    ...(numbered !== undefined && { numbered }),
    ...(unwrapped && { unwrapped }),
  };
}

function issuesOf(prepared: Prepared | Refused, index: number): readonly EventIssue[] {
  return prepared.outcome === "prepared" ? [] : prepared.issues.map((issue) => ({ ...issue, index }));
}

function invalid(issues: readonly EventIssue[], given: number): EvtError {
  const which = new Set(issues.map(({ index }) => index)).size;
  const [{ index, path, code, message }] = issues as [EventIssue];
  const at = path === "" ? code : `${path} (${code})`;
  const text = `${which} of ${given} events would be rejected; event ${index}: ${at}: ${message}`;
  return new EvtError("EVT_INVALID_EVENT", text, { issues });
}
