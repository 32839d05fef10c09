import type { MessageHeaders } from "./cloud-event/message-headers.js";
import type { NumberedBy, ParkedEvent, Provenance } from "./event.js";
import type { Unwrap } from "./normalize/unwrap.js";
import type { StreamReport } from "./outcome.js";
import type { EventRecord } from "./store.js";

/** Options of every call that may be aborted. */
export interface CallOptions {
  /**
   * If this signal aborts before the result is known, the call rejects with `EVT_ABORTED`. A store call that has already
   * begun may still take effect.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `evt.tenant`. */
export interface TenantOptions {
  /**
   * Binds the view to one client. Pass the client that authentication has proved. Up to 255 characters.
   *
   * - Events that the view ingests belong to this client. An event that names another client is rejected. An event names
   *   a client by `clientId` or `client_id` at its top level. If its mapping has `fields.clientId`, only those names
   *   count.
   * - The view reads this client's counted events and totals. It reads a parked event if the event came from a caller
   *   bound to this client. It also reads a parked event that names this client and came from an unbound caller.
   * - The view cannot replay.
   *
   * @defaultValue none: the view covers the whole tenant
   */
  readonly clientId?: string | undefined;
}

/** Options of the calls that take new events. `Name` is the type of the names in `mappings`. */
export interface IngestOptions<Name extends string = string> extends CallOptions {
  /**
   * The client that authentication has proved. The events belong to this client. An event that names another client is
   * rejected with `client_id_mismatch`. An event names a client by `clientId` or `client_id` at its top level. If its
   * mapping has `fields.clientId`, only those names count.
   */
  readonly clientId?: string | undefined;
  /** The name of a mapping in `mappings`. Takes precedence over `selectMapping`. */
  readonly mapping?: Name | undefined;
  /** How to find the events of an envelope: a dotted path or a function. Takes precedence over the mapping's `unwrap`. */
  readonly unwrap?: string | Unwrap | undefined;
}

/** Options for the earlier stored events that a result includes. */
export interface ShowOptions {
  /**
   * Whether the stored event of a duplicate or conflict includes its raw event, within `limits.rawChars`. With `false`, a
   * stored event is marked `rawOmitted` if its raw event differs from the sent one. The call then reads a stored raw
   * event only if it must compare it with the sent one.
   * @defaultValue true
   */
  readonly raw?: boolean | undefined;
}

/** Options of calls that accept the headers of a message. */
export interface MessageOptions {
  /**
   * The headers of the message that carried the events, such as the headers of an HTTP request. They may describe a
   * CloudEvent in binary mode (`ce-id`, `ce-source`, …). The call must then have exactly one event: the data of that
   * CloudEvent, of any JSON type. If the message has no body, pass `undefined` as the event. evt then uses the whole
   * CloudEvent as the raw event: one object in structured mode, with `Content-Type` and the headers that begin with
   * `ce-`. It does not store the other headers.
   * @defaultValue none
   */
  readonly headers?: MessageHeaders | undefined;
}

/** Options of `ingest`. */
export interface IngestOneOptions<Name extends string = string>
  extends IngestOptions<Name>,
    MessageOptions,
    ShowOptions {
  /** The event's idempotency key. Used only if the event itself has no key. */
  readonly idempotencyKey?: string | undefined;
  /** The JSON text of the event, if the caller has it. evt uses this text instead of serializing the event again. */
  readonly rawJson?: string | undefined;
}

/** Options of `ingestMany` and `preview`. */
export interface IngestManyOptions<Name extends string = string>
  extends IngestOptions<Name>,
    MessageOptions,
    ShowOptions {
  /**
   * An idempotency key for the whole batch. evt derives a key for each event that has none. The derived key depends on
   * this key, the event's content, and its ordinal among events with equal content. A client may therefore reorder a
   * batch before sending it again. Equal events of one batch count as separate events, unless the mapping's `identical`
   * is `merge` or `reject`. Always send a batch with equal events again as a whole. In a part of the batch, evt cannot
   * know which of the equal events were sent, so they may become conflicts (`batch_incomplete`).
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * One item for each event: its key, such as a Kafka offset, or `null`. A key is used only if the event itself has none.
   */
  readonly idempotencyKeys?: readonly (string | null)[] | undefined;
  /**
   * Whether the call has only some of the events that were sent together, such as one chunk of a stream. The call then fails if
   * an event has no key and its mapping has `identical: "ordinal"` or `"reject"`. These need all equal events in one call.
   * @defaultValue false
   */
  readonly partial?: boolean | undefined;
  /** The JSON text of each event. The array must have one string for each event. */
  readonly rawJson?: readonly string[] | undefined;
}

/** Options of `prepare`: those of `ingestMany`, except `signal`, `raw` and `partial`. */
export type PrepareOptions<Name extends string = string> = Omit<
  IngestManyOptions<Name>,
  "signal" | "raw" | "partial"
>;

/** An event that evt has checked, normalized and identified. Plain data, so it can be stored as JSON. */
export interface PreparedEvent {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** The vouched client. Absent if the caller was not bound to a client. */
  readonly vouchedClientId?: string;
  /** Present if the mapping has `sameContent: "conflict"`. */
  readonly sameContent?: "conflict";
  /** The position among equal events without a key. Absent if it is 0, or if the position is not part of the identity. */
  readonly ordinal?: number;
  /** Present if evt numbered the event among the equal events of its call. */
  readonly numbered?: NumberedBy;
  /** Present if the event comes from an envelope. */
  readonly unwrapped?: true;
}

/** Options of `ingestStream`. */
export interface StreamOptions<Name extends string = string> extends IngestOptions<Name> {
  /** Called after each successful insert, with the counts so far. evt ignores an error that this function throws. */
  readonly onProgress?: ((report: StreamReport) => void) | undefined;
}

/** Options of `replay` and `replayPage`. */
export interface ReplayOptions<Name extends string = string> extends CallOptions {
  /** The name of a mapping in `mappings`. @defaultValue the mapping that a new event would have */
  readonly mapping?: Name | undefined;
  /**
   * The vouched client of the replayed events, in place of the stored one. The events belong to this client, and an event
   * that names another client is rejected. An `edit` alone cannot change the vouched client.
   * @defaultValue the vouched client that was stored with each parked event
   */
  readonly clientId?: string | undefined;
  /**
   * Returns the event to count in place of the parked event. `raw` is a new copy of the raw event, or `null` if none is
   * stored. If the function throws, the event is rejected with `edit_failed`.
   */
  readonly edit?: ((raw: unknown, parked: ParkedEvent) => unknown) | undefined;
  /** If `true`, the call reports the results that a replay would have, and writes nothing. @defaultValue false */
  readonly dryRun?: boolean | undefined;
}
