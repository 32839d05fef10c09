import type { Field, Issue } from "./issue.js";

/** A normalized event. */
export interface CanonicalEvent {
  readonly clientId: string;
  readonly metric: string;
  /** A plain decimal: no exponent, no trailing zeros, up to 38 digits, up to 18 of them after the point. */
  readonly amount: string;
  /** UTC: `YYYY-MM-DDTHH:mm:ss.sssZ`, or with six decimals if the event has microseconds. */
  readonly timestamp: string;
  readonly idempotencyKey: string | null;
}

/**
 * What an event is recognized by.
 *
 * - `key`: the client's idempotency key
 * - `content`: the content with its timestamp
 * - `window`: the content without a timestamp, until its claim lapses
 * - `receipt`: nothing; each receipt counts
 */
export type IdentifiedBy = "key" | "content" | "window" | "receipt";

/**
 * Where each field's value came from: a dotted path into the raw event (`payload.amount`), `default` (the mapping),
 * `caller` (the vouched client, or the key passed along with the event) or `receipt` (the time of receipt).
 */
export type Provenance = { readonly [F in Field]?: string };

/** The common part of counted and parked events. `status` tells them apart. Unreadable fields are `null`. */
interface Envelope {
  readonly tenantId: string;
  /** SHA-256, 64 hex digits. */
  readonly id: string;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  readonly timestamp: string | null;
  readonly idempotencyKey: string | null;
  /** When evt received the event: UTC, milliseconds. */
  readonly receivedAt: string;
  /** The raw event as JSON text, as it was sent. `null` if it is not stored, or was left out of this result. */
  readonly rawJson: string | null;
  /** Present if a raw event is stored but left out of this result: not requested, or the result would be too large. */
  readonly rawOmitted?: true;
}

/** An event that was counted. */
export interface StoredEvent extends Envelope {
  readonly status: "processed";
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  /** SHA-256 that says which event this is, 64 hex digits. */
  readonly identity: string;
  /** SHA-256 of the canonical content, 64 hex digits. It tells a duplicate from a conflict. */
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
}

/** Why an event is parked. A `failed` event may still be counted when it is sent again; the others need a change. */
export type ParkedStatus = "rejected" | "conflict" | "failed";

/**
 * The key that the caller passed along with an event: its own key (`null`: none), or the key of its batch. `ordinal` is its
 * position among equal events of its call, if that tells them apart. `unwrapped` is present if the event comes from an
 * envelope: a replay does not unwrap it again.
 */
export type GivenKey = (
  | { readonly key: string | null; readonly ordinal?: number }
  | { readonly batchKey: string }
) & {
  readonly unwrapped?: true;
};

/** An event that was not counted, stored with the reason. Message queues call it a dead letter. */
export interface ParkedEvent extends Envelope {
  readonly status: ParkedStatus;
  /** The vouched client of the caller, or `null` if there was none. A replay rejects an event that names another client. */
  readonly vouchedClientId: string | null;
  /** `null` if a version parked it that did not record the key. */
  readonly givenKey: GivenKey | null;
  /** `null` if the event could not be normalized. */
  readonly identity: string | null;
  /** `null` if the event could not be normalized. */
  readonly fingerprint: string | null;
  /** `null` if the event could not be normalized. */
  readonly identifiedBy: IdentifiedBy | null;
  readonly issues: readonly Issue[];
  /** With `failed`: the error of the store. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** With `conflict`: the id of the event that holds the identity. */
  readonly conflictsWith: string | null;
  /** How many times the event was parked. */
  readonly attempts: number;
  /** When it was parked last: UTC, milliseconds. */
  readonly lastAttemptAt: string;
  /** With `failed`: when a later outcome resolved it: counted, conflict or rejected. A resolved event is no longer listed. */
  readonly resolvedAt: string | null;
}

/** The status of a counted or parked event. */
export type EntryStatus = "processed" | ParkedStatus;

/** A counted or parked event. */
export type Entry = StoredEvent | ParkedEvent;
