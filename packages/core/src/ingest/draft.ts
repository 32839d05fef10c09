import type { CanonicalEvent } from "../event.js";
import type { Identifier, IdentityBasis, UnstampedRule } from "../identity/identifier.js";
import type { Normalized } from "../normalize/normalized.js";
import type { EventRecord } from "../store.js";
import type { Numbered } from "./keyless-events.js";
import type { PrepareContext } from "./prepare-context.js";

/** The data of one event's record, without the identity. */
export interface Draft {
  readonly normalized: Normalized;
  readonly rule: UnstampedRule;
  readonly receiptId: string;
  readonly text: string;
  readonly rawJson: string | null;
  readonly keyDecides: boolean;
}

/** Returns the record of an event under one version of the identity rules. */
export function recordOf(
  draft: Draft,
  numbered: Numbered | null,
  identifier: Identifier,
  { tenantId, receivedAt }: Pick<PrepareContext, "tenantId" | "receivedAt">,
): EventRecord {
  const { normalized, rule, receiptId, rawJson } = draft;
  const { clientId, metric, amount, unit, dimensions, timestamp } = normalized.event;
  const hasOwnKey = normalized.event.idempotencyKey !== null;
  const event = numbered === null ? normalized.event : withKey(normalized.event, numbered.key);
  const basis = numbered === null || numbered.key !== null ? normalized : withOrdinal(normalized, numbered);
  const identity = identifier.identify(event, basis, rule, { receivedAt, receiptId });
  const { identifiedBy } = identity;
  return {
    tenantId,
    identity: identity.identity,
    id: identity.id,
    fingerprint: draft.keyDecides && hasOwnKey ? identity.identity : identity.fingerprint,
    identifiedBy,
    receiptId,
    receivedAt,
    lapsesAt: identity.lapsesAt,
    clientId,
    metric,
    amount,
    unit,
    dimensions,
    timestamp,
    idempotencyKey: event.idempotencyKey,
    rawJson,
    rawHash:
      hasOwnKey || identifiedBy === "receipt" ? null : (identifier.rawHash?.(rawJson ?? draft.text) ?? null),
    rules: identifier.rules,
    twins: 1,
  };
}

function withKey(event: CanonicalEvent, idempotencyKey: string | null): CanonicalEvent {
  return { ...event, idempotencyKey };
}

function withOrdinal(
  { stamped, exactTimestamp, distinguishing }: IdentityBasis,
  { ordinal }: Numbered,
): IdentityBasis {
  return { stamped, exactTimestamp, distinguishing, ordinal };
}
