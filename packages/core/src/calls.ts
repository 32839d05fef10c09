import type { MessageHeaders } from "./cloud-event/message-headers.js";
import type { ParkedEvent, Provenance } from "./event.js";
import type { Unwrap } from "./normalize/unwrap.js";
import type { StreamReport } from "./outcome.js";
import type { EventRecord } from "./store.js";

/** Options of every call. */
export interface CallOptions {
  /**
   * Aborts the call with `EVT_ABORTED`. Work that the store has already begun may still take effect.
   */
  readonly signal?: AbortSignal | undefined;
}

/** Options of `evt.tenant`. */
export interface TenantOptions {
  /**
   * Binds the view to one client, which authentication has proved. Up to 255 characters.
   *
   * - Events that it ingests belong to this client. An event that names another client is rejected. It names a client by
   *   `clientId` or `client_id` at its top level, or by a name in `fields.clientId` of its mapping.
   * - It reads this client's counted events and totals. Of the parked events it reads those that this client sent, and
   *   those that name this client and came from an unbound caller.
   * - It cannot replay.
   *
   * @defaultValue none: the view covers the whole tenant
   */
  readonly clientId?: string | undefined;
}

/** Options of every call that reads raw events. `Name` is the type of the names in `mappings`. */
export interface IngestOptions<Name extends string = string> extends CallOptions {
  /**
   * The client that authentication proved. The events belong to it. An event that names another client, by `clientId` or
   * `client_id` at its top level or by a name in `fields.clientId` of its mapping, is rejected with `client_id_mismatch`.
   */
  readonly clientId?: string | undefined;
  /** The name of a mapping in `mappings`. Takes precedence over `selectMapping`. */
  readonly mapping?: Name | undefined;
  /** Where envelopes carry their events: a dotted path or a function. Takes precedence over `unwrap` of the mapping. */
  readonly unwrap?: string | Unwrap | undefined;
}

/** Options for what a result shows of events that were stored earlier. */
export interface ShowOptions {
  /**
   * Whether the stored event of a duplicate or conflict includes its raw event. With `false`, no raw event is read, and
   * one that differs from the sent event is marked `rawOmitted`. One call returns up to `limits.rawChars` characters of
   * raw events.
   * @defaultValue true
   */
  readonly raw?: boolean | undefined;
}

/** Options of calls that take the events of one message. */
export interface MessageOptions {
  /**
   * The headers of the message that brought the events, such as those of an HTTP request. If they describe a CloudEvent in
   * binary mode (`ce-id`, `ce-source`, …), the call must have one event: the data of that CloudEvent, of any JSON type, or
   * `undefined` if the message has no body. Its raw event is then the whole CloudEvent, as one object in structured mode.
   * Headers that do not begin with `ce-` are not stored, except `Content-Type`.
   * @defaultValue none
   */
  readonly headers?: MessageHeaders | undefined;
}

/** Options of `ingest`. */
export interface IngestOneOptions<Name extends string = string>
  extends IngestOptions<Name>,
    MessageOptions,
    ShowOptions {
  /** The event's idempotency key. Used if the event has none of its own. */
  readonly idempotencyKey?: string | undefined;
  /** The JSON text of the event, if the caller has it. It is stored as sent, and not serialized again. */
  readonly rawJson?: string | undefined;
}

/** Options of `ingestMany` and `preview`. */
export interface IngestManyOptions<Name extends string = string>
  extends IngestOptions<Name>,
    MessageOptions,
    ShowOptions {
  /**
   * An idempotency key for the whole batch. Each event without a key gets one that is derived from this key, its content
   * and its ordinal among events of equal content. A batch can be reordered before it is sent again. Equal events of one
   * batch count as separate events, unless the mapping says otherwise (`identical`). Send a batch with equal events again
   * as a whole: a part of it does not say which of them it has, and may become a conflict (`batch_incomplete`).
   */
  readonly idempotencyKey?: string | undefined;
  /**
   * One key per event, or `null`. Used for events without a key of their own: a Kafka offset, a message header.
   */
  readonly idempotencyKeys?: readonly (string | null)[] | undefined;
  /** The JSON text of each event, as many as there are events. */
  readonly rawJson?: readonly string[] | undefined;
}

/** Options of `prepare`: those of `ingestMany` without `signal` and `raw`. */
export type PrepareOptions<Name extends string = string> = Omit<IngestManyOptions<Name>, "signal" | "raw">;

/** An event that was checked, normalized and identified. Plain data that survives `JSON.stringify` and `JSON.parse`. */
export interface PreparedEvent {
  readonly record: EventRecord;
  readonly provenance: Provenance;
  /** The vouched client. Absent if the caller was not bound to one. */
  readonly vouchedClientId?: string;
  /** Present if the mapping says so: see `Mapping.sameContent`. */
  readonly sameContent?: "conflict";
  /** The position among equal events without a key. Absent if it is 0, or if they are not told apart by it. */
  readonly ordinal?: number;
}

/** Options of `ingestStream`. */
export interface StreamOptions<Name extends string = string> extends IngestOptions<Name> {
  /** Called with the counts so far, after each insert. An error that it throws is ignored. */
  readonly onProgress?: ((report: StreamReport) => void) | undefined;
}

/** Options of `replay` and `replayPage`. */
export interface ReplayOptions<Name extends string = string> extends CallOptions {
  /** The name of a mapping in `mappings`. Without it, the mapping is chosen as for a new event. */
  readonly mapping?: Name | undefined;
  /**
   * Vouches for the events in place of the original caller: they belong to this client, and an event that names another
   * client is rejected. An `edit` alone does not change the client.
   * @defaultValue the vouched client that was stored with each parked event
   */
  readonly clientId?: string | undefined;
  /**
   * Returns the event to count in place of the parked one. It receives a copy of the raw event. If it throws, the event
   * is rejected with `edit_failed`.
   */
  readonly edit?: ((raw: unknown, parked: ParkedEvent) => unknown) | undefined;
  /** Reports what would happen, and writes nothing. @defaultValue false */
  readonly dryRun?: boolean | undefined;
}
