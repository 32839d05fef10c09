/** The status of an event, as the API returns it. */
export type EventStatus = "processed" | "rejected" | "conflict" | "failed";
export type OutcomeName = "processed" | "duplicate" | "conflict" | "rejected" | "failed";
export type IdentifiedBy = "key" | "content" | "window" | "receipt";

export interface Issue {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/**
 * A counted or parked event. A field that could not be read is `null`. Decimals are strings, so that no digit is lost.
 */
export interface EventEntry {
  readonly id: string;
  readonly status: EventStatus;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly amount: string | null;
  /** Absent if the event has none, like `dimensions`. */
  readonly unit?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly timestamp: string | null;
  readonly idempotencyKey?: string;
  readonly receivedAt: string;
  readonly raw?: unknown;
  readonly issues?: readonly Issue[];
  readonly error?: { readonly code: string; readonly message: string };
  /** The id of the counted event that this event differs from, for example if `status` is `conflict`. */
  readonly conflictsWith?: string;
  readonly attempts?: number;
  readonly lastAttemptAt?: string;
  /** The time at which a later call resolved a failed event. */
  readonly resolvedAt?: string;
}

export interface EventPage {
  readonly events: readonly EventEntry[];
  readonly nextCursor: string | null;
}
