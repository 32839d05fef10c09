import { structured, structuredText } from "../cloud-event/binary-mode.js";
import type { CanonicalEvent, NumberedBy, Provenance } from "../event.js";
import type { Identifier, UnstampedRule } from "../identity/identifier.js";
import type { Issue } from "../issue.js";
import type { CompiledMapping, SelectContext } from "../normalize/mapping-choice.js";
import type { NormalizeContext, Normalized } from "../normalize/normalized.js";
import { givenText, keptText, rawText } from "../normalize/raw-text.js";
import { type Draft, recordOf } from "./draft.js";
import { GivenKeys } from "./given-key.js";
import { KeylessEvents, type Numbered } from "./keyless-events.js";
import type { PrepareContext } from "./prepare-context.js";
import type { EarlierIdentity, Prepared, Refused, Twin } from "./prepared-event.js";
import { type Reading, refusedEvent, repeated, type Sent } from "./refused-event.js";

const BY_RECEIPT: UnstampedRule = { unstamped: "count-each", windowMs: 0 };

/** Prepares the events of one call, one after the other. */
export class Preparer {
  readonly #context: PrepareContext;
  #keyless: KeylessEvents;
  /**
   * The numbering under each version of earlier rules. `undefined` until an event may have another identity under these
   * rules.
   */
  #earlierKeyless: { each: readonly KeylessEvents[] | undefined } = { each: undefined };
  /** The numbering of earlier versions, in which numeric strings in the mapping's `identity` did not equal numbers. */
  #formerKeyless: KeylessEvents;
  #given: GivenKeys;
  /** For each group whose later events are rejected, the index of the first event. */
  #firsts = new Map<string, number>();
  #position = { next: 0 };
  readonly #provenances = new Map<CompiledMapping, (raw: unknown) => Provenance>();
  readonly #vouched: string | null;
  readonly #selectContext: SelectContext;
  readonly #normalizeContext: NormalizeContext;

  constructor(context: PrepareContext) {
    const { tenantId, clientId, receivedAt, occurredAt = receivedAt, batchKey, identifier } = context;
    this.#context = context;
    this.#keyless = context.keyless ?? new KeylessEvents(identifier, batchKey);
    this.#formerKeyless = new KeylessEvents(identifier, batchKey);
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

  /**
   * Returns a preparer for other events of the same call. If the batch key is the same, both preparers share the
   * numbering.
   */
  with(changes: Partial<Pick<PrepareContext, "choice" | "batchKey" | "unwrapped" | "cloudEvent">>): Preparer {
    const { batchKey } = this.#context;
    const isSameBatch = changes.batchKey === undefined || changes.batchKey === batchKey;
    const other = new Preparer({
      ...this.#context,
      ...changes,
      keyless: undefined,
      // the ordinal of an envelope does not apply to the events inside it
      ...(changes.unwrapped && { ordinal: undefined }),
    });
    other.#firsts = this.#firsts;
    other.#position = this.#position;
    if (!isSameBatch) return other;
    other.#keyless = this.#keyless;
    other.#earlierKeyless = this.#earlierKeyless;
    other.#formerKeyless = this.#formerKeyless;
    other.#given = this.#given;
    return other;
  }

  /**
   * Returns the raw event to unwrap. `undefined` if the call's headers cannot be read, because the event is then refused.
   */
  unwrappable(sent: unknown): { readonly raw: unknown } | undefined {
    const { cloudEvent } = this.#context;
    if (cloudEvent === undefined) return { raw: sent };
    return cloudEvent.issues.length > 0 ? undefined : { raw: structured(cloudEvent, sent) };
  }

  /** @param idempotencyKey, rawJson - the key and the JSON text that the caller passed with the event */
  prepare(
    sent: unknown,
    idempotencyKey: string | undefined,
    rawJson: string | undefined,
  ): Prepared | Refused {
    const index = this.#position.next++;
    const { choice, mapping: named, cloudEvent } = this.#context;
    const raw = cloudEvent === undefined ? sent : structured(cloudEvent, sent);
    const text =
      cloudEvent === undefined ? textOf(sent, rawJson) : structuredText(cloudEvent, dataText(sent, rawJson));
    const given: Sent = { raw, text, idempotencyKey };
    if (cloudEvent !== undefined && cloudEvent.issues.length > 0) {
      return this.#refuse(unread(cloudEvent.issues), given);
    }
    const mapping = choice.of(raw, named, this.#selectContext);
    if ("code" in mapping) {
      return this.#refuse(unread([mapping]), given);
    }

    const shared = this.#normalizeContext;
    const about = idempotencyKey === undefined ? shared : { ...shared, idempotencyKey };
    const normalized = mapping.normalize(raw, about);
    if (normalized.outcome === "rejected") return this.#refuse(normalized, given, mapping);
    if (this.#earlierKeyless.each === undefined) this.#noteChange(normalized.event);
    const numbered = this.#numbered(normalized, mapping, this.#keyless);
    const first =
      mapping.identical === "reject" && numbered !== null ? this.#firstOf(numbered, index) : index;
    if (first !== index) return this.#refuse(repeated(normalized, first), given, mapping);
    return this.#prepared(normalized, mapping, numbered, raw, text);
  }

  /**
   * Begins the numbering under earlier rules at the first event that may have another identity under them. The numbering
   * of the events before it is the same under all rules.
   */
  #noteChange(event: CanonicalEvent): void {
    const { identifier } = this.#context;
    if (identifier.earlierFor(event).length === 0) return;
    this.#earlierKeyless.each = identifier.earlier.map((rules) => this.#keyless.under(rules));
  }

  /** Numbers an event without its own key. Returns `null` if the content alone identifies the event. */
  #numbered(normalized: Normalized, mapping: CompiledMapping, keyless: KeylessEvents): Numbered | null {
    const { batchKey, ordinal, sentOnce } = this.#context;
    const { identical } = mapping;
    const { event, stamped } = normalized;
    if (event.idempotencyKey !== null) return null;
    if (batchKey === undefined) {
      if (ordinal === undefined && (identical === undefined || identical === "merge")) return null;
      // each receipt counts separately, so nothing is numbered
      if (!stamped && (sentOnce || mapping.unstamped === "count-each")) return null;
    }
    const numbers =
      batchKey === undefined && identical === "reject" && this.#context.keyless !== undefined
        ? new KeylessEvents(this.#context.identifier, undefined)
        : keyless;
    const numbered = numbers.next(event, normalized, ordinal === undefined ? identical : "ordinal");
    return numbered !== null && ordinal !== undefined ? keyless.at(ordinal, numbered) : numbered;
  }

  #firstOf({ group }: Numbered, index: number): number {
    const first = this.#firsts.get(group) ?? index;
    this.#firsts.set(group, first);
    return first;
  }

  #prepared(
    normalized: Normalized,
    mapping: CompiledMapping,
    numbered: Numbered | null,
    raw: unknown,
    text: string,
  ): Prepared {
    const { raw: policy, receiptId: draw, identifier, sentOnce } = this.#context;
    const { stamped, exactTimestamp, distinguishing, provenance } = normalized;
    const { sameContent, keyDecides } = mapping;
    const rule = sentOnce ? BY_RECEIPT : mapping;
    const rawJson = keptText(policy, raw, text);
    const draft: Draft = { normalized, rule, receiptId: draw(), text, rawJson, keyDecides };
    const record = recordOf(draft, numbered, identifier, this.#context);
    const twin = this.#twin(draft, mapping, numbered, this.#keyless, identifier);
    const earlier = this.#earlier(draft, mapping, numbered !== null);
    const ordinal = numbered?.key === null ? numbered.ordinal : 0;
    const vouchedClientId = this.#vouched;
    const { unwrapped, batchKey } = this.#context;
    return {
      outcome: "prepared",
      record,
      rule,
      stamped,
      exactTimestamp,
      distinguishing,
      ordinal,
      numbered: numbered === null ? undefined : numberedBy(identifier, batchKey),
      provenance,
      text,
      vouchedClientId,
      unwrapped,
      provenanceOf: this.#provenanceUnder(mapping),
      twin,
      sameContent,
      earlier,
    };
  }

  /** Returns the function that reads the provenance of another raw event. All events of a mapping share it. */
  #provenanceUnder(mapping: CompiledMapping): (raw: unknown) => Provenance {
    const known = this.#provenances.get(mapping);
    if (known !== undefined) return known;
    const provenanceOf = (raw: unknown) => mapping.normalize(raw, this.#normalizeContext).provenance;
    this.#provenances.set(mapping, provenanceOf);
    return provenanceOf;
  }

  #twin(
    draft: Draft,
    { identical }: CompiledMapping,
    numbered: Numbered | null,
    keyless: KeylessEvents,
    identifier: Identifier,
  ): Twin | null {
    if (numbered === null || identical === "merge") return null;
    if (numbered.key === null && identical === "reject") return null;
    const recordAt = (ordinal: number) =>
      recordOf(draft, keyless.at(ordinal, numbered), identifier, this.#context);
    return { group: numbered.group, ordinal: numbered.ordinal, recordAt };
  }

  /**
   * Returns the identities that the event had in earlier versions: under earlier rules, and with numeric strings in
   * `identity` as strings.
   */
  #earlier(
    draft: Draft,
    mapping: CompiledMapping,
    isNumbered: boolean,
  ): readonly EarlierIdentity[] | undefined {
    const { identifier } = this.#context;
    const { formerDistinguishing: former, event } = draft.normalized;
    const { each: numberings } = this.#earlierKeyless;
    const isChanged = numberings !== undefined && (isNumbered || identifier.earlierFor(event).length > 0);
    if (former === undefined && !isChanged) return undefined;
    const normalized = { ...draft.normalized, distinguishing: former ?? draft.normalized.distinguishing };
    const before = { ...draft, normalized };
    const under = (rules: Identifier, keyless: KeylessEvents): EarlierIdentity => {
      const numbered = this.#numbered(normalized, mapping, keyless);
      const record = recordOf(before, numbered, rules, this.#context);
      const twin = this.#twin(before, mapping, numbered, keyless, rules);
      return { rules: rules.rules, record, distinguishing: normalized.distinguishing, twin };
    };
    const byRules = isChanged
      ? identifier.earlier.map((rules, i) => under(rules, numberings[i] as KeylessEvents))
      : [];
    return former === undefined ? byRules : [...byRules, under(identifier, this.#formerKeyless)];
  }

  #refuse(reading: Reading, sent: Sent, mapping?: CompiledMapping): Refused {
    return refusedEvent(reading, sent, mapping, this.#given, this.#context);
  }
}

function unread(issues: readonly Issue[]): Reading {
  return { event: {}, provenance: {}, issues };
}

function textOf(raw: unknown, rawJson: string | undefined): string {
  return rawJson === undefined ? rawText(raw) : givenText(rawJson);
}

/** Returns `undefined` if a message has no data. */
function dataText(data: unknown, dataJson: string | undefined): string | undefined {
  return data === undefined ? undefined : textOf(data, dataJson);
}

function numberedBy({ rules }: Identifier, batchKey: string | undefined): NumberedBy {
  return batchKey === undefined ? { rules } : { rules, batchKey };
}
