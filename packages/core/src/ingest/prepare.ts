import type { CanonicalEvent, ParkedEvent } from "../event.js";
import type { Provenance } from "../evt.js";
import { DerivedKeys } from "../identity/derived-key.js";
import { type Identity, identify } from "../identity/identify.js";
import type { Issue } from "../issue.js";
import type { MappingChoice } from "../normalize/mapping-choice.js";
import type { NormalizeContext } from "../normalize/normalized.js";
import { givenText, keptText, type RawPolicy, rawText } from "../normalize/raw-text.js";
import type { EventRecord } from "../store.js";
import { rejectedEvent } from "./parked-event.js";

/** What all events of one call share. */
export interface PrepareContext {
  readonly tenantId: string;
  readonly receivedAt: string;
  readonly clientId: string | undefined;
  readonly mapping: string | undefined;
  readonly batchKey: string | undefined;
  readonly choice: MappingChoice;
  readonly raw: RawPolicy;
  readonly receiptId: () => string;
}

/** What stands beside one event. */
export interface Beside {
  readonly idempotencyKey: string | undefined;
  readonly rawJson: string | undefined;
}

/** An event ready for the store. `text` is its raw text, kept or not. */
export interface Prepared {
  readonly outcome: "prepared";
  readonly record: EventRecord;
  readonly identity: Identity;
  readonly event: CanonicalEvent;
  readonly provenance: Provenance;
  readonly text: string;
}

/** An event that will not be counted. */
export interface Refused {
  readonly outcome: "rejected";
  readonly event: Partial<CanonicalEvent>;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
  readonly parked: ParkedEvent;
}

/** Prepares the events of one call, in their order. Pure but for the receipt ids it draws. */
export function prepareAll(
  raws: readonly unknown[],
  beside: (index: number) => Beside,
  context: PrepareContext,
): (Prepared | Refused)[] {
  const derived = context.batchKey === undefined ? undefined : new DerivedKeys(context.batchKey);
  return raws.map((raw, index) => prepare(raw, beside(index), derived, context));
}

function prepare(
  raw: unknown,
  { idempotencyKey, rawJson }: Beside,
  derived: DerivedKeys | undefined,
  context: PrepareContext,
): Prepared | Refused {
  const text = rawJson === undefined ? rawText(raw) : givenText(rawJson);
  const { tenantId, clientId, receivedAt } = context;
  const mapping = context.choice.of(raw, context.mapping, { tenantId, clientId });
  if ("code" in mapping) return refuse({ event: {}, provenance: {}, issues: [mapping] }, raw, text, context);

  const about: NormalizeContext = { receivedAt, clientId, idempotencyKey, keyFollows: derived !== undefined };
  const normalized = mapping.normalize(raw, about);
  if (normalized.outcome === "rejected") return refuse(normalized, raw, text, context);

  const basis = { ...normalized, unstamped: mapping.unstamped, windowMs: mapping.windowMs };
  const event =
    derived !== undefined && normalized.event.idempotencyKey === null
      ? { ...normalized.event, idempotencyKey: derived.next(normalized.event, basis) }
      : normalized.event;
  const receiptId = context.receiptId();
  const identity = identify(event, basis, { receivedAt, receiptId });
  const record = recordOf(event, identity, receiptId, keptText(context.raw, raw, text), context);
  return { outcome: "prepared", record, identity, event, provenance: normalized.provenance, text };
}

function recordOf(
  event: CanonicalEvent,
  identity: Identity,
  receiptId: string,
  rawJson: string | null,
  { tenantId, receivedAt }: PrepareContext,
): EventRecord {
  return {
    tenantId,
    identity: identity.identity,
    id: identity.id,
    fingerprint: identity.fingerprint,
    identifiedBy: identity.identifiedBy,
    receiptId,
    receivedAt,
    lapsesAt: identity.lapsesAt,
    clientId: event.clientId,
    metric: event.metric,
    amount: event.amount,
    timestamp: event.timestamp,
    idempotencyKey: event.idempotencyKey,
    rawJson,
  };
}

function refuse(
  { event, provenance, issues }: Omit<Refused, "outcome" | "parked">,
  raw: unknown,
  text: string,
  { tenantId, receivedAt, raw: policy }: PrepareContext,
): Refused {
  const rawJson = keptText(policy, raw, text);
  const stamped = provenance.timestamp !== "receipt";
  const parked = rejectedEvent({ tenantId, receivedAt, event, stamped, issues, text, rawJson });
  return { outcome: "rejected", event, provenance, issues, parked };
}
