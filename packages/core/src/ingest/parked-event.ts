import type { CanonicalEvent, ParkedEvent, ParkedStatus } from "../event.js";
import type { EvtError } from "../evt-error.js";
import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import { causedIssue, type Issue } from "../issue.js";
import type { Claim, EventRecord } from "../store.js";
import type { Given } from "./given-key.js";
import type { Recorded } from "./prepared-event.js";

/**
 * Returns the id of a parked event: the SHA-256 of the reasons, the identity, the fingerprint, the raw event, the vouched
 * client and the given key. The same event from the same caller, refused again for the same reasons, is the same parked
 * event with one attempt more.
 */
function parkedId(
  status: ParkedStatus,
  issues: readonly Issue[],
  hashes: readonly (string | null)[],
  text: string,
  apart: readonly (string | null)[],
): string {
  const reason = [status, ...issues.map((issue) => issue.code)].join(" ");
  // without client and key, the id is that of earlier versions
  const more = apart.some((each) => each !== null) ? apart : [];
  return sha256Hex(canonicalJson([reason, ...hashes, text, ...more]));
}

interface Rejection {
  readonly tenantId: string;
  readonly receivedAt: string;
  /** The fields that could be read, or have a default. */
  readonly event: Partial<CanonicalEvent>;
  readonly vouchedClientId: string | null;
  readonly given: Given;
  /** Whether the event has a timestamp of its own. */
  readonly stamped: boolean;
  readonly issues: readonly Issue[];
  /** The raw event that the id is made from, stored or not. */
  readonly text: string;
  readonly rawJson: string | null;
}

/** Returns the parked event for an event that could not be normalized. */
export function rejectedEvent({
  tenantId,
  receivedAt,
  event,
  vouchedClientId,
  given,
  stamped,
  issues,
  text,
  rawJson,
}: Rejection): ParkedEvent {
  return {
    status: "rejected",
    tenantId,
    id: parkedId("rejected", issues, [null, null], text, [vouchedClientId, given.apart]),
    clientId: event.clientId ?? vouchedClientId,
    metric: event.metric ?? null,
    amount: event.amount ?? null,
    timestamp: (stamped && event.timestamp) || null,
    idempotencyKey: event.idempotencyKey ?? ("key" in given.key ? given.key.key : null),
    receivedAt,
    rawJson,
    vouchedClientId,
    givenKey: given.key,
    identity: null,
    fingerprint: null,
    identifiedBy: null,
    issues,
    error: null,
    conflictsWith: null,
    attempts: 1,
    lastAttemptAt: receivedAt,
    resolvedAt: null,
  };
}

/** Returns the issue for an event that the store can never hold. */
export function storeRefusal(error: EvtError): Issue {
  const message = `the store cannot hold this event: ${error.message}`;
  return causedIssue({ code: "refused_by_store", path: "", message }, error);
}

/** Returns the parked event for an event that the store can never hold. */
export function refusedByStore(prepared: Recorded, error: EvtError): ParkedEvent {
  return fromRecord("rejected", prepared, { issues: [storeRefusal(error)] });
}

/** Returns the parked event for an event whose identity is taken by other content. */
export function conflictingEvent(prepared: Recorded, claim: Claim, issues: readonly Issue[]): ParkedEvent {
  return fromRecord("conflict", prepared, { issues, conflictsWith: claim.id });
}

/** Returns the parked event for an event that was not stored, or may have been. Sending it again resolves it. */
export function failedEvent(prepared: Recorded, error: EvtError): ParkedEvent {
  return fromRecord("failed", prepared, { error: { code: error.code, message: error.message } });
}

type Why = Partial<Pick<ParkedEvent, "issues" | "error" | "conflictsWith">>;

function fromRecord(
  status: ParkedStatus,
  { record, provenance, text, vouchedClientId, unwrapped }: Recorded,
  why: Why,
): ParkedEvent {
  const { identity, fingerprint, identifiedBy, idempotencyKey } = record;
  const ownKey = provenance.idempotencyKey !== undefined && provenance.idempotencyKey !== "caller";
  return {
    status,
    ...envelope(record),
    id: parkedId(status, why.issues ?? [], [identity, fingerprint], text, [vouchedClientId]),
    vouchedClientId,
    givenKey: { key: ownKey ? null : idempotencyKey, ...(unwrapped && { unwrapped }) },
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
  timestamp,
  idempotencyKey,
  receivedAt,
  rawJson,
}: EventRecord) {
  return { tenantId, clientId, metric, amount, timestamp, idempotencyKey, receivedAt, rawJson };
}
