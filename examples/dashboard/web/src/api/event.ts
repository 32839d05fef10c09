/** The API's words, as they travel. Decimals are texts, so that no digit is lost. */
export type EventStatus = "processed" | "rejected" | "conflict" | "failed";
export type OutcomeName = "processed" | "duplicate" | "conflict" | "rejected" | "failed";
export type IdentifiedBy = "key" | "content" | "window" | "receipt";

export interface Issue {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** A counted or a parked event. What could not be read is `null`. */
export interface EventEntry {
  readonly id: string;
  readonly status: EventStatus;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  readonly timestamp: string | null;
  readonly idempotencyKey?: string;
  readonly receivedAt: string;
  readonly raw?: unknown;
  readonly issues?: readonly Issue[];
  readonly error?: { readonly code: string; readonly message: string };
  /** With `conflict`: the id of the event that holds the key. */
  readonly conflictsWith?: string;
  readonly attempts?: number;
  readonly lastAttemptAt?: string;
  /** With `failed`: when it turned out to be counted after all. */
  readonly resolvedAt?: string;
}

export interface EventPage {
  readonly events: readonly EventEntry[];
  readonly nextCursor: string | null;
}
