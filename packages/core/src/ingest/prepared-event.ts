import type { CanonicalEvent, NumberedBy, ParkedEvent, Provenance } from "../event.js";
import type { Identifier, Identity, IdentityBasis, UnstampedRule } from "../identity/identifier.js";
import type { Issue } from "../issue.js";
import type { Place } from "../outcome.js";
import type { EventRecord } from "../store.js";

/** A record to insert, with the data for a parked event in case the record is not counted. */
export interface Recorded {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** The raw event. Empty in `ingestPrepared` if the raw event is not stored. */
  readonly text: string;
  /** The vouched client. */
  readonly vouchedClientId: string | null;
  /** Present if the event is known to come from an envelope. */
  readonly unwrapped?: true | undefined;
  /** Returns the provenance that the fields of another raw event would have. Absent if they are not known. */
  readonly provenanceOf?: ((raw: unknown) => Provenance) | undefined;
  /** @defaultValue "merge" */
  readonly sameContent?: "merge" | "conflict" | undefined;
  /** The position among equal events without a key, if the position distinguishes them. @defaultValue 0 */
  readonly ordinal?: number | undefined;
  /** Present if the event has no key of its own, and evt numbered it among equal events. */
  readonly numbered?: NumberedBy | undefined;
  /** The identities that evt may have counted the event with before, because its rules changed. @defaultValue none */
  readonly earlier?: readonly EarlierIdentity[] | undefined;
}

/** An identity that evt may have counted an event with before, as a record to look up. */
export interface EarlierIdentity {
  readonly rules: number;
  readonly record: EventRecord;
  readonly distinguishing: string | null;
  /** `null` if no ordinal distinguished the event from equal events. */
  readonly twin: Twin | null;
}

/**
 * Events of one call with equal content and without their own keys form a group. This is the position of one event in
 * its group.
 */
export interface Twin {
  /** Equal for all events of a batch that differ only by their ordinal. */
  readonly group: string;
  readonly ordinal: number;
  /** Returns the record that this event would have with another ordinal. */
  readonly recordAt: (ordinal: number) => EventRecord;
}

/** An event that is ready for the store. An outbox stores only the part that `PreparedEvent` has. */
export interface Prepared extends IdentityBasis, Recorded {
  readonly outcome: "prepared";
  readonly ordinal: number;
  readonly rule: UnstampedRule;
  /** `null` if the event is not numbered, for example because it has its own key. */
  readonly twin: Twin | null;
  /** The event's position in the call. Always absent in a stream; may be absent if the call has no envelope. */
  readonly place?: Place;
}

/** An event that will not be counted. */
export interface Refused {
  readonly outcome: "rejected";
  readonly event: Partial<CanonicalEvent>;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
  /** Computed on first use: previews and replays do not need it, and hashing the raw event takes time. */
  readonly parked: ParkedEvent;
  /** As in {@link Prepared}. */
  readonly place?: Place;
}

/** Returns the identity with the JSON text that was hashed for it. */
export function identityOf(prepared: Prepared, identifier: Identifier): Identity {
  const { record, rule } = prepared;
  const rules = identifier.earlier.find((earlier) => earlier.rules === record.rules) ?? identifier;
  return rules.identify(canonicalOf(record), prepared, rule, record);
}

/** Returns the canonical event of a record. */
export function canonicalOf({
  clientId,
  metric,
  amount,
  unit = null,
  dimensions = null,
  timestamp,
  idempotencyKey,
}: EventRecord): CanonicalEvent {
  return { clientId, metric, amount, unit, dimensions, timestamp, idempotencyKey };
}
