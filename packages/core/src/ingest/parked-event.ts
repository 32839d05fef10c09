import type { ParkedEvent, ParkedStatus } from "../event.js";
import type { EvtError } from "../evt-error.js";
import { sha256Hex } from "../identity/sha256.js";
import { causedIssue, type Issue } from "../issue.js";
import type { Claim, EventRecord } from "../store.js";
import { parkedId } from "./parked-id.js";
import type { Recorded } from "./prepared-event.js";

/** Returns the issue for an event that the store can never hold. */
export function storeRefusal(error: EvtError): Issue {
  const message = `the store cannot hold this event: ${error.message}`;
  return causedIssue({ code: "refused_by_store", path: "", message }, error);
}

/** Returns the parked event for an event that the store can never hold. */
export function refusedByStore(prepared: Recorded, error: EvtError): ParkedEvent {
  return fromRecord("rejected", prepared, { issues: [storeRefusal(error)] });
}

/** Returns the parked event for an event whose identity another event holds. */
export function conflictingEvent(prepared: Recorded, claim: Claim, issues: readonly Issue[]): ParkedEvent {
  return fromRecord("conflict", prepared, { issues, conflictsWith: claim.id });
}

/** Returns the parked event for an event that evt could not finish processing. */
export function failedEvent(prepared: Recorded, error: EvtError): ParkedEvent {
  return fromRecord("failed", prepared, { error: { code: error.code, message: error.message } });
}

type Why = Partial<Pick<ParkedEvent, "issues" | "error" | "conflictsWith">>;

function fromRecord(
  status: ParkedStatus,
  { record, provenance, text, vouchedClientId, unwrapped, ordinal = 0, numbered }: Recorded,
  why: Why,
): ParkedEvent {
  const { identity, fingerprint, identifiedBy, idempotencyKey } = record;
  const ownKey = provenance.idempotencyKey !== undefined && provenance.idempotencyKey !== "caller";
  return {
    status,
    ...envelope(record),
    id: parkedId(sha256Hex, status, why.issues ?? [], [identity, fingerprint], text, [vouchedClientId]),
    vouchedClientId,
    givenKey: {
      key: ownKey ? null : idempotencyKey,
      ...(ordinal > 0 && { ordinal }),
      ...(numbered !== undefined && { numbered }),
      ...(unwrapped && { unwrapped }),
    },
    identity,
    fingerprint,
    identifiedBy,
    issues: [],
    error: null,
    conflictsWith: null,
    ...why,
    attempts: 1,
    lastAttemptAt: record.receivedAt,
    resolvedAt: null,
  };
}

function envelope({
  tenantId,
  clientId,
  metric,
  amount,
  unit = null,
  dimensions = null,
  timestamp,
  idempotencyKey,
  receivedAt,
  rawJson,
}: EventRecord) {
  return {
    tenantId,
    clientId,
    metric,
    amount,
    unit,
    dimensions,
    timestamp,
    idempotencyKey,
    receivedAt,
    rawJson,
  };
}
