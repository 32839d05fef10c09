import type { CanonicalEvent, ParkedEvent } from "../event.js";
import type { Sha256 } from "../identity/sha256.js";
import type { Issue } from "../issue.js";
import type { Given } from "./given-key.js";
import { parkedId } from "./parked-id.js";

interface Rejection {
  readonly sha256: Sha256;
  readonly tenantId: string;
  readonly receivedAt: string;
  /** The fields that could be read or have a default. */
  readonly event: Partial<CanonicalEvent>;
  readonly vouchedClientId: string | null;
  readonly given: Given;
  /** `false` if the receive time replaced a missing timestamp. */
  readonly stamped: boolean;
  readonly issues: readonly Issue[];
  /** The raw event, stored or not. The id depends on it. */
  readonly text: string;
  readonly rawJson: string | null;
}

/** Returns the parked event for an event that was rejected before the insert. */
export function rejectedEvent({
  sha256,
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
    id: parkedId(sha256, "rejected", issues, [null, null], text, [vouchedClientId, given.apart]),
    clientId: event.clientId ?? vouchedClientId,
    metric: event.metric ?? null,
    amount: event.amount ?? null,
    unit: event.unit ?? null,
    dimensions: event.dimensions ?? null,
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
