import type { CanonicalEvent, ParkedEvent, Provenance } from "../event.js";
import type { Identifier, Identity, IdentityBasis, UnstampedRule } from "../identity/identifier.js";
import type { Issue } from "../issue.js";
import type { Place } from "../outcome.js";
import type { EventRecord } from "../store.js";

/** A record to insert, with what a parked event needs if the record is not counted. */
export interface Recorded {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** The raw event, stored or not. */
  readonly text: string;
  /** The vouched client. */
  readonly vouchedClientId: string | null;
  /** Present if the event comes from an envelope. */
  readonly unwrapped?: true | undefined;
}

/** An event that is ready for the store. `PreparedEvent` is its plain data. */
export interface Prepared extends IdentityBasis, Recorded {
  readonly outcome: "prepared";
  readonly rule: UnstampedRule;
  /** Present if an event of the call was unwrapped. */
  readonly place?: Place;
}

/** An event that will not be counted. */
export interface Refused {
  readonly outcome: "rejected";
  readonly event: Partial<CanonicalEvent>;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
  /** Computed on first use: its id is a hash of the whole raw event, which previews and replays do not need. */
  readonly parked: ParkedEvent;
  /** Present if an event of the call was unwrapped. */
  readonly place?: Place;
}

/** Returns the identity with the JSON text that was hashed for it. */
export function identityOf(prepared: Prepared, identifier: Identifier): Identity {
  const { record, rule } = prepared;
  return identifier.identify(record, prepared, rule, record);
}

/** Returns the canonical event of a record. */
export function canonicalOf({
  clientId,
  metric,
  amount,
  timestamp,
  idempotencyKey,
}: EventRecord): CanonicalEvent {
  return { clientId, metric, amount, timestamp, idempotencyKey };
}
