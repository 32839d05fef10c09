import type { CanonicalEvent, ParkedEvent, Provenance } from "../event.js";
import type { Identifier, Identity, IdentityBasis, UnstampedRule } from "../identity/identifier.js";
import type { Issue } from "../issue.js";
import type { EventRecord } from "../store.js";

/** An event as it goes into the store, and what is needed to say why where it is not counted. */
export interface Recorded {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** Its raw text, kept or not. */
  readonly text: string;
  readonly vouchedClientId: string | null;
}

/** An event ready for the store. What is made of thousands at once holds no more than is needed. */
export interface Prepared extends IdentityBasis, Recorded {
  readonly outcome: "prepared";
  readonly rule: UnstampedRule;
}

/** An event that will not be counted. */
export interface Refused {
  readonly outcome: "rejected";
  readonly event: Partial<CanonicalEvent>;
  readonly provenance: Provenance;
  readonly issues: readonly Issue[];
  /** Made when it is asked for: its id is a hash of the whole raw text, which previews and replays need not pay for. */
  readonly parked: ParkedEvent;
}

/** The identity once more, with the text that was hashed for it: for those who want to see it. */
export function identityOf(prepared: Prepared, identifier: Identifier): Identity {
  const { record, rule } = prepared;
  return identifier.identify(record, prepared, rule, record);
}

/** The canonical event of a record. */
export function canonicalOf({
  clientId,
  metric,
  amount,
  timestamp,
  idempotencyKey,
}: EventRecord): CanonicalEvent {
  return { clientId, metric, amount, timestamp, idempotencyKey };
}
