import type { MessageHeaders } from "./cloud-event/message-headers.js";
import type { ParkedEvent, Provenance } from "./event.js";
import type { Unwrap } from "./normalize/unwrap.js";
import type { StreamReport } from "./outcome.js";
import type { EventRecord } from "./store.js";

/** Options of every call. */
export interface CallOptions {
  /**
   * Aborts the call, which then rejects with `EVT_ABORTED`. Work that the store has already begun may still take effect.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `evt.tenant`. */
export interface TenantOptions {
  /**
   * Binds the view to one client. Pass the client that authentication has proved. Up to 255 characters.
   *
   * - Events that the view ingests belong to this client. An event that names another client is rejected. An event names
   *   a client by `clientId` or `client_id` at its top level, or by a name in `fields.clientId` of its mapping.
   * - The view reads this client's counted events and totals. It reads a parked event if this client sent the event, or
   *   if the event names this client and came from an unbound caller.
   * - The view cannot replay.
   *
   * @defaultValue none: the view covers the whole tenant
   */
  readonly clientId?: string | undefined;
}

/** Options of every call that reads raw events. `Name` is the type of the names in `mappings`. */
export interface IngestOptions<Name extends string = string> extends CallOptions {
  /**
   * The client that authentication has proved. The events belong to this client. An event that names another client is
   * rejected with `client_id_mismatch`. An event names a client by `clientId` or `client_id` at its top level, or by a
   * name in `fields.clientId` of its mapping.
   */
  readonly clientId?: string | undefined;
  /** The name of a mapping in `mappings`. Takes precedence over `selectMapping`. */
  readonly mapping?: Name | undefined;
  /** Where an envelope has its events: a dotted path or a function. Takes precedence over the mapping's `unwrap`. */
  readonly unwrap?: string | Unwrap | undefined;
}

/** Options for the earlier stored events that a result includes. */
export interface ShowOptions {
  /**
   * Whether the stored event of a duplicate or conflict includes its raw event. With `false`, the call reads no raw
   * events: a stored event whose raw event differs from the sent event is marked `rawOmitted`. One call returns up to
   * `limits.rawChars` characters of raw events.
   * @defaultValue true
   */
  readonly raw?: boolean | undefined;
}

/** Options of calls that take the events of one message. */
export interface MessageOptions {
  /**
   * The headers of the message that carried the events, such as the headers of an HTTP request. They may describe a
   * CloudEvent in binary mode (`ce-id`, `ce-source`, …). The call must then have exactly one event, the data of that
   * CloudEvent. The data may be of any JSON type. Pass `undefined` if the message has no body. The raw event is then the
   * whole CloudEvent, as one object in structured mode. Of the headers, only those that begin with `ce-` and
   * `Content-Type` are stored.
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
  /**
   * The JSON text of the event, if the caller has it. evt stores this text unchanged instead of serializing the event
   * again.
   */
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
   * changes this. Always send a batch with equal events again as a whole. In a part of the batch, evt cannot know which
   * of the equal events were sent, so they may become conflicts (`batch_incomplete`).
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * One key per event, or `null`, for example a Kafka offset or a message header. Used only for events without their own
   * key.
   */
  readonly idempotencyKeys?: readonly (string | null)[] | undefined;
  /** The JSON text of each event. The array must have one string for each event. */
  readonly rawJson?: readonly string[] | undefined;
}

/** Options of `prepare`: the options of `ingestMany` without `signal` and `raw`. */
export type PrepareOptions<Name extends string = string> = Omit<IngestManyOptions<Name>, "signal" | "raw">;

/**
 * An event that evt has checked, normalized and identified. Plain data: `JSON.stringify` and `JSON.parse` do not change
 * it.
 */
export interface PreparedEvent {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** The vouched client. Absent if the caller was not bound to a client. */
  readonly vouchedClientId?: string;
  /** Present if the mapping has `sameContent: "conflict"`. */
  readonly sameContent?: "conflict";
  /**
   * The position among equal events without a key. Absent if it is 0, or if the mapping does not distinguish equal events
   * by position.
   */
  readonly ordinal?: number;
}

/** Options of `ingestStream`. */
export interface StreamOptions<Name extends string = string> extends IngestOptions<Name> {
  /** Called after each insert, with the counts so far. evt ignores an error that this function throws. */
  readonly onProgress?: ((report: StreamReport) => void) | undefined;
}

/** Options of `replay` and `replayPage`. */
export interface ReplayOptions<Name extends string = string> extends CallOptions {
  /** The name of a mapping in `mappings`. Without it, the mapping is chosen as for a new event. */
  readonly mapping?: Name | undefined;
  /**
   * The vouched client of the replayed events, in place of the original one. The events belong to this client, and an
   * event that names another client is rejected. An `edit` alone cannot change the vouched client.
   * @defaultValue the vouched client that was stored with each parked event
   */
  readonly clientId?: string | undefined;
  /**
   * Returns the event to count in place of the parked event. The function receives a copy of the raw event. If the
   * function throws, the event is rejected with `edit_failed`.
   */
  readonly edit?: ((raw: unknown, parked: ParkedEvent) => unknown) | undefined;
  /** If `true`, the call reports the results that a replay would have, and writes nothing. @defaultValue false */
  readonly dryRun?: boolean | undefined;
}
