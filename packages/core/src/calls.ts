import type { ParkedEvent, Provenance } from "./event.js";
import type { StreamReport } from "./outcome.js";
import type { EventRecord } from "./store.js";

export interface CallOptions {
  /** Ends the waiting. What was handed to the store may still take effect. */
  readonly signal?: AbortSignal;
}

export interface TenantOptions {
  /**
   * Binds the view to a client, for a caller that is known to be this client and no other. Events it ingests are
   * this client's: one that names another is rejected. It reads this client's counted events and totals; of the parked
   * events those it sent itself, and this client's events that came from a caller bound to no client. It may not replay.
   */
  readonly clientId?: string;
}

export interface IngestOptions extends CallOptions {
  /** The client who calls, where that is known for certain: used where an event names none; one that names another is rejected. */
  readonly clientId?: string;
  /** A mapping by its name in `mappings`; wins over `selectMapping`. */
  readonly mapping?: string;
}

/** How results show events that were stored before. */
export interface ShowOptions {
  /**
   * Whether the stored event of a duplicate or conflict comes with its raw event; past `limits.rawChars` in one call
   * it does not. With `false` no raw event is read, and one that differs from what was sent is `rawOmitted`.
   * @defaultValue true
   */
  readonly raw?: boolean;
}

export interface IngestOneOptions extends IngestOptions, ShowOptions {
  /** The event's key, if it has none of its own. */
  readonly idempotencyKey?: string;
  /** The event's JSON text where it is at hand: kept as it was sent instead of being printed anew. */
  readonly rawJson?: string;
}

export interface IngestManyOptions extends IngestOptions, ShowOptions {
  /**
   * Gives each event without a key one derived from this, its content and its ordinal among equal contents:
   * splitting or reordering the batch changes nothing, and twins in one batch are two events.
   */
  readonly idempotencyKey?: string;
  /** For each event the key it has beside itself, used if it has none of its own: a Kafka offset, a header. */
  readonly idempotencyKeys?: readonly (string | null)[];
  /** The events' JSON texts, as many as there are events. */
  readonly rawJson?: readonly string[];
}

/** As for `ingestMany`. */
export type PrepareOptions = Omit<IngestManyOptions, "signal" | "raw">;

/** An event that was checked, normalized and identified. Plain data: its JSON is all of it. */
export interface PreparedEvent {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** The client that the caller was bound to; absent: none. */
  readonly vouchedClientId?: string;
}

export interface StreamOptions extends IngestOptions {
  /** Told how far it is, after each insert. What it throws is ignored. */
  readonly onProgress?: (report: StreamReport) => void;
}

export interface ReplayOptions extends CallOptions {
  /** A mapping by its name in `mappings`; else the choice is made as for any event. */
  readonly mapping?: string;
  /**
   * Vouches for the events in place of whoever sent them: they are this client's, and one that names another is rejected.
   * Default: the client that each was parked with. An `edit` alone does not change whose event it is.
   */
  readonly clientId?: string;
  /** Makes the event that is counted instead, of a copy of the raw event. What it throws rejects that event. */
  readonly edit?: (raw: unknown, parked: ParkedEvent) => unknown;
  /** Says what would happen, and writes nothing. @defaultValue false */
  readonly dryRun?: boolean;
}
