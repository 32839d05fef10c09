import { type BinaryCloudEvent, structured, structuredText } from "../cloud-event/binary-mode.js";
import type { CanonicalEvent, ParkedEvent } from "../event.js";
import { DerivedKeys } from "../identity/derived-key.js";
import type { Identifier, IdentityBasis, UnstampedRule } from "../identity/identifier.js";
import type { MappingChoice, SelectContext } from "../normalize/mapping-choice.js";
import type { NormalizeContext } from "../normalize/normalized.js";
import { givenText, keptText, type RawPolicy, rawText } from "../normalize/raw-text.js";
import type { EventRecord } from "../store.js";
import { GivenKeys } from "./given-key.js";
import type { Prepared, Refused } from "./prepared-event.js";
import { rejectedEvent } from "./rejected-event.js";

/** The part that all events of one call share. */
export interface PrepareContext {
  readonly tenantId: string;
  readonly receivedAt: string;
  /** The vouched client. */
  readonly clientId: string | undefined;
  readonly mapping: string | undefined;
  readonly batchKey: string | undefined;
  /** The keys derived from `batchKey` so far, if several calls share them. @defaultValue none so far */
  readonly derivedKeys?: DerivedKeys | undefined;
  /** The time of events without a timestamp. @defaultValue `receivedAt` */
  readonly occurredAt?: string;
  /** The CloudEvent that the headers of the call describe. Its data is the raw event. @defaultValue none */
  readonly cloudEvent?: BinaryCloudEvent | undefined;
  readonly choice: Pick<MappingChoice, "of">;
  readonly raw: RawPolicy;
  readonly identifier: Identifier;
  readonly receiptId: () => string;
  /** Whether these events are never sent again. Then the receipt identifies events with neither key nor timestamp. */
  readonly sentOnce?: boolean;
  /** Whether these events come from an envelope. @defaultValue false */
  readonly unwrapped?: true | undefined;
}

const BY_RECEIPT: UnstampedRule = { unstamped: "count-each", windowMs: 0 };

/** Prepares the events of one call, one after the other. Pure, except that it draws receipt ids. */
export class Preparer {
  readonly #context: PrepareContext;
  readonly #derived: DerivedKeys | undefined;
  #given: GivenKeys;
  readonly #vouched: string | null;
  readonly #selectContext: SelectContext;
  readonly #normalizeContext: NormalizeContext;

  constructor(context: PrepareContext) {
    const { tenantId, clientId, receivedAt, occurredAt = receivedAt, batchKey, identifier } = context;
    this.#context = context;
    this.#derived =
      batchKey === undefined ? undefined : (context.derivedKeys ?? new DerivedKeys(batchKey, identifier));
    this.#given = new GivenKeys(batchKey);
    this.#vouched = clientId ?? null;
    this.#selectContext = { tenantId, clientId };
    this.#normalizeContext = {
      receivedAt: occurredAt,
      clientId,
      idempotencyKey: undefined,
      keyFollows: batchKey !== undefined,
    };
  }

  /** The key of the batch. `undefined` if there is none. */
  get batchKey(): string | undefined {
    return this.#context.batchKey;
  }

  get choice(): PrepareContext["choice"] {
    return this.#context.choice;
  }

  /** Returns a preparer for other events of the same call. Under the same batch key, both share its keys. */
  with(changes: Partial<Pick<PrepareContext, "choice" | "batchKey" | "unwrapped" | "cloudEvent">>): Preparer {
    const { batchKey } = this.#context;
    const isSameBatch = changes.batchKey === undefined || changes.batchKey === batchKey;
    const derivedKeys = isSameBatch ? this.#derived : undefined;
    const other = new Preparer({ ...this.#context, ...changes, derivedKeys });
    if (isSameBatch) other.#given = this.#given;
    return other;
  }

  /** Returns the raw event to unwrap. `undefined` if the headers of the call cannot be read: then the event is refused. */
  unwrappable(sent: unknown): { readonly raw: unknown } | undefined {
    const { cloudEvent } = this.#context;
    if (cloudEvent === undefined) return { raw: sent };
    return cloudEvent.issues.length > 0 ? undefined : { raw: structured(cloudEvent, sent) };
  }

  /** @param idempotencyKey, rawJson - passed along with the event */
  prepare(
    sent: unknown,
    idempotencyKey: string | undefined,
    rawJson: string | undefined,
  ): Prepared | Refused {
    const { choice, mapping: named, cloudEvent } = this.#context;
    const raw = cloudEvent === undefined ? sent : structured(cloudEvent, sent);
    const text =
      cloudEvent === undefined ? textOf(sent, rawJson) : structuredText(cloudEvent, dataText(sent, rawJson));
    if (cloudEvent !== undefined && cloudEvent.issues.length > 0) {
      const unread = { event: {}, provenance: {}, issues: cloudEvent.issues };
      return this.#refuse(unread, raw, text, idempotencyKey);
    }
    const mapping = choice.of(raw, named, this.#selectContext);
    if ("code" in mapping) {
      const unread = { event: {}, provenance: {}, issues: [mapping] };
      return this.#refuse(unread, raw, text, idempotencyKey);
    }

    const shared = this.#normalizeContext;
    const about = idempotencyKey === undefined ? shared : { ...shared, idempotencyKey };
    const normalized = mapping.normalize(raw, about);
    if (normalized.outcome === "rejected")
      return this.#refuse(normalized, raw, text, idempotencyKey, mapping.unstamped);
    const event = this.#keyed(normalized.event, normalized);
    const rule = this.#context.sentOnce ? BY_RECEIPT : mapping;
    const record = this.#record(event, normalized, rule, keptText(this.#context.raw, raw, text));
    const { stamped, exactTimestamp, distinguishing, provenance } = normalized;
    const vouchedClientId = this.#vouched;
    const { unwrapped } = this.#context;
    return {
      outcome: "prepared",
      record,
      rule,
      stamped,
      exactTimestamp,
      distinguishing,
      provenance,
      text,
      vouchedClientId,
      unwrapped,
    };
  }

  #keyed(event: CanonicalEvent, basis: IdentityBasis): CanonicalEvent {
    if (this.#derived === undefined || event.idempotencyKey !== null) return event;
    return { ...event, idempotencyKey: this.#derived.next(event, basis) };
  }

  #record(
    event: CanonicalEvent,
    basis: IdentityBasis,
    rule: UnstampedRule,
    rawJson: string | null,
  ): EventRecord {
    const { tenantId, receivedAt, identifier, receiptId: draw } = this.#context;
    const receiptId = draw();
    const identity = identifier.identify(event, basis, rule, { receivedAt, receiptId });
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

  #refuse(
    { event, provenance, issues }: Omit<Refused, "outcome" | "parked">,
    raw: unknown,
    text: string,
    idempotencyKey: string | undefined,
    unstamped?: UnstampedRule["unstamped"],
  ): Refused {
    const { tenantId, receivedAt, raw: policy, receiptId, identifier } = this.#context;
    const { sha256 } = identifier;
    const rawJson = keptText(policy, raw, text);
    const stamped = provenance.timestamp !== "receipt";
    const keyed =
      (event.idempotencyKey ?? null) !== null ||
      issues.some(({ code }) => code === "idempotency_key_invalid");
    const countsEach = unstamped === "count-each" && !stamped && !keyed;
    const given = this.#given.of(idempotencyKey, text, countsEach ? receiptId : undefined);
    const { unwrapped } = this.#context;
    const givenKey = unwrapped ? { ...given.key, unwrapped } : given.key;
    const vouchedClientId = this.#vouched;
    const about = {
      sha256,
      tenantId,
      receivedAt,
      event,
      vouchedClientId,
      given: { ...given, key: givenKey },
      stamped,
      issues,
      text,
      rawJson,
    };
    let parked: ParkedEvent | undefined;
    return {
      outcome: "rejected",
      event,
      provenance,
      issues,
      get parked() {
        parked ??= rejectedEvent(about);
        return parked;
      },
    };
  }
}

function textOf(raw: unknown, rawJson: string | undefined): string {
  return rawJson === undefined ? rawText(raw) : givenText(rawJson);
}

/** `undefined` if a message has no data. */
function dataText(data: unknown, dataJson: string | undefined): string | undefined {
  return data === undefined ? undefined : textOf(data, dataJson);
}
