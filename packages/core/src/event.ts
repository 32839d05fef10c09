import type { Field, Issue } from "./issue.js";

/**
 * What normalizing yields.
 * `amount` is a plain decimal: no exponent, no trailing zeros, at most 38 digits, at most 18 after the point.
 * `timestamp` is UTC, `YYYY-MM-DDTHH:mm:ss.sssZ`, or with six decimals where there are microseconds.
 */
export interface CanonicalEvent {
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  readonly idempotencyKey: string | null;
}

/**
 * What recognised an event:
 * `key` the client's idempotency key; `content` the content with its timestamp; `window` the content without
 * a timestamp, for as long as the claim lasts; `receipt` nothing: every receipt counts.
 */
export type IdentifiedBy = "key" | "content" | "window" | "receipt";

export type Provenance = { readonly [F in Field]?: string };

/** What counted events and parked events share; `status` tells them apart. What could not be read is `null`. */
interface Envelope {
  readonly tenantId: string;
  /** SHA-256, 64 hex digits. */
  readonly id: string;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  readonly timestamp: string | null;
  readonly idempotencyKey: string | null;
  /** When evt received it: UTC, milliseconds. */
  readonly receivedAt: string;
  /** The raw event as JSON text, as it was sent; `null` where it is not kept, or was left out of this result. */
  readonly rawJson: string | null;
  /** Present when a raw event is stored and this result leaves it out: it was not asked for, or the result would be too large. */
  readonly rawOmitted?: true;
}

/** An event that was counted. */
export interface StoredEvent extends Envelope {
  readonly status: "processed";
  readonly clientId: string;
  readonly metric: string;
  readonly amount: string;
  readonly timestamp: string;
  /** SHA-256 by which a resend is recognised, 64 hex digits. */
  readonly identity: string;
  /** SHA-256 of the canonical content, 64 hex digits. */
  readonly fingerprint: string;
  readonly identifiedBy: IdentifiedBy;
}

/** Why an event lies parked. `failed` may yet be counted, when it is sent again; the others will not be as they are. */
export type ParkedStatus = "rejected" | "conflict" | "failed";

/** What the caller gave next to an event to identify it: a key for the event (`null`: none), or one for its whole batch. */
export type GivenKey = { readonly key: string | null } | { readonly batchKey: string };

/** An event that was not counted, kept with the reason. Queues call it a dead letter. */
export interface ParkedEvent extends Envelope {
  readonly status: ParkedStatus;
  /**
   * The client that the caller was bound to; `null`: the caller was bound to none. A replay rejects the event where it
   * names another client.
   */
  readonly vouchedClientId: string | null;
  /** `null`: parked by a version that did not record it. */
  readonly givenKey: GivenKey | null;
  /** `null` where the event could not be normalized. */
  readonly identity: string | null;
  readonly fingerprint: string | null;
  readonly identifiedBy: IdentifiedBy | null;
  readonly issues: readonly Issue[];
  /** With `failed`: what the store said. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** With `conflict`: the id of the event that holds the identity. */
  readonly conflictsWith: string | null;
  /** How often it was parked: 1 the first time. */
  readonly attempts: number;
  /** When it was parked last: UTC, milliseconds. */
  readonly lastAttemptAt: string;
  /** With `failed`: when it turned out to be counted after all, or settled as a conflict or rejection. Then it is no longer listed. */
  readonly resolvedAt: string | null;
}

export type EntryStatus = "processed" | ParkedStatus;

/** One line of the list: a counted or a parked event. */
export type Entry = StoredEvent | ParkedEvent;
