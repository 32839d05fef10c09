import type { Field, Issue } from "./issue.js";

/** A normalized event. */
export interface CanonicalEvent {
  readonly clientId: string;
  readonly metric: string;
  /**
   * A plain decimal, without an exponent and without trailing zeros after the point. Up to 38 digits, of which up to 18
   * are after the point.
   */
  readonly amount: string;
  /**
   * The unit of the amount, such as a currency code. Up to 64 characters; case matters. `null` if the event has none.
   * Amounts of different units are never added up.
   */
  readonly unit: string | null;
  /** The dimensions that the event has, or `null` if it has none. */
  readonly dimensions: Dimensions | null;
  /** UTC: `YYYY-MM-DDTHH:mm:ss.sssZ`, or with six decimals if the event has microseconds. */
  readonly timestamp: string;
  readonly idempotencyKey: string | null;
}

/**
 * The values of an event's dimensions, by the names in the mapping's `dimensions`: `{ plan: "pro", region: "eu" }`. It has
 * at least one member. A dimension that the event does not have is absent.
 */
export type Dimensions = Readonly<Record<string, string>>;

/** The value that each of these dimensions must have. `null`: the event does not have this dimension. */
export type DimensionFilter = Readonly<Record<string, string | null>>;

/** The name of a dimension with its prefix. Group keys, provenances and HTTP parameters use this form. */
export type DimensionKey = `dimension.${string}`;

/**
 * The data that identifies an event.
 *
 * - `key`: the client's idempotency key
 * - `content`: the content with its timestamp
 * - `window`: the content without a timestamp, until its claim lapses
 * - `receipt`: no data; evt counts the event each time it is received
 */
export type IdentifiedBy = "key" | "content" | "window" | "receipt";

/**
 * The source of each field's value: a dotted path into the raw event (`payload.amount`), or one of three words.
 * `default`: the default value. `caller`: the vouched client, or the key that the caller passed with the event.
 * `receipt`: the receive time. The source of a dimension has its name with a prefix, such as `dimension.plan`.
 */
export type Provenance = { readonly [F in Field | DimensionKey]?: string };

/** The common members of counted and parked events. In a parked event, a field that could not be read is `null`. */
interface Envelope {
  readonly tenantId: string;
  /** SHA-256, 64 hex digits. */
  readonly id: string;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  /** `null` if the event has no unit. */
  readonly unit: string | null;
  /** `null` if the event has no dimensions. */
  readonly dimensions: Dimensions | null;
  readonly timestamp: string | null;
  readonly idempotencyKey: string | null;
  /** When evt received the event: UTC, milliseconds. */
  readonly receivedAt: string;
  /**
   * The JSON text of the raw event, as the option `raw` of `createEvt` stored it. `null` if it is not stored, or if this
   * result omits it.
   */
  readonly rawJson: string | null;
  /** Present if a raw event is stored but this result omits it, for example because the result would be too large. */
  readonly rawOmitted?: true;
}

/** An event that was counted. */
export interface StoredEvent extends Envelope {
  readonly status: "processed";
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  /** SHA-256 of the data that identifies the event, 64 hex digits. */
  readonly identity: string;
  /**
   * SHA-256 of the canonical content, 64 hex digits. With equal identities, equal fingerprints mean a duplicate and
   * different ones a conflict. With the mapping's `key: "decides"`, the fingerprint of an event with its own key equals
   * the identity.
   */
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
}

/**
 * Why an event is parked. A `failed` event can be sent again unchanged. Before a `rejected` or `conflict` event can be
 * counted, usually the event or its mapping must change.
 */
export type ParkedStatus = "rejected" | "conflict" | "failed";

/**
 * The key that the caller passed with an event, outside the raw event. `key` is a key for this event, or `null`.
 * `batchKey` is the key of its batch. `ordinal` is the event's position among equal events of its call, if only the
 * position distinguishes them. It is absent if it is 0. `numbered` is present if evt derived `key` or `ordinal`. `unwrapped` is present if the event
 * comes from an envelope, so that a replay does not unwrap it again.
 */
export type GivenKey = (
  | { readonly key: string | null; readonly ordinal?: number; readonly numbered?: NumberedBy }
  | { readonly batchKey: string; readonly ordinal?: number }
) & {
  readonly unwrapped?: true;
};

/** How evt numbered an event without its own key among the equal events of its call. */
export interface NumberedBy {
  /** The version of the identity rules. */
  readonly rules: number;
  /** The batch key, if the event's key is derived from it. */
  readonly batchKey?: string;
}

/** An event that was not counted, stored with the reason. Message queues call it a dead letter. */
export interface ParkedEvent extends Envelope {
  readonly status: ParkedStatus;
  /**
   * The vouched client of the caller, or `null` if the caller had none. A replay without the option `clientId` rejects
   * the event if it names another client.
   */
  readonly vouchedClientId: string | null;
  /** `null` if an earlier version of evt, which did not store this key, parked the event. */
  readonly givenKey: GivenKey | null;
  /** `null` if the event could not be normalized. */
  readonly identity: string | null;
  /** `null` if the event could not be normalized. */
  readonly fingerprint: string | null;
  /** `null` if the event could not be normalized. */
  readonly identifiedBy: IdentifiedBy | null;
  readonly issues: readonly Issue[];
  /** With `failed`: the error that prevented evt from finishing. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** With `conflict`: the id of the event that holds the identity. */
  readonly conflictsWith: string | null;
  /** How many times evt has parked the event. */
  readonly attempts: number;
  /** When the event was last parked: UTC, milliseconds. */
  readonly lastAttemptAt: string;
  /**
   * When the event was resolved: by a replay, or, for a `failed` event, by a later outcome of the same event. `null`
   * until then. `list` does not return resolved events.
   */
  readonly resolvedAt: string | null;
}

/** The status of a counted or parked event. */
export type EntryStatus = "processed" | ParkedStatus;

/** A counted or parked event. */
export type Entry = StoredEvent | ParkedEvent;
