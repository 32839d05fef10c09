import type { CanonicalEvent, Entry, EntryStatus, IdentifiedBy, StoredEvent } from "./event.js";
import type { EvtError } from "./evt-error.js";
import type { Field, Issue } from "./issue.js";
import type { IngestReport, SettledOutcome } from "./outcome.js";
import type { BreakerOptions } from "./queue/breaker.js";
import type { ParkedFilter, ReplayOptions, ReplayQuery, ReplayReport } from "./replay/replay-api.js";
import type { ReasonCount, ReplayAttempt } from "./replay/replay-store.js";
import type { EventRecord, Store } from "./store.js";

/** Counts events of many tenants against one store. Made by `createEvt`. */
export interface Evt {
  /**
   * The view of one tenant; nothing is ever read or deduplicated across tenants. At most 64 characters.
   * @throws TypeError if the tenant or the client cannot be one
   */
  tenant(tenantId: string, options?: TenantOptions): EvtTenant;
  /** The same rules over another store, with a queue of its own: how a simulated failure is done. */
  withStore(wrap: (store: Store) => Store, overrides?: EvtOverrides): Evt;
  /**
   * Counts what was prepared and kept since, for adapters such as an outbox; outcome i answers event i, of whatever tenant.
   * As often as it is handed in, an event is counted once, and is `processed` each time. One that `failed` is not
   * parked: keep it, and hand it in again.
   * @throws EvtError `EVT_OVERLOADED`, `EVT_CLOSED` (nothing was stored), `EVT_ABORTED`, `EVT_INTERNAL` (fate unknown).
   */
  ingestPrepared(events: readonly PreparedEvent[], options?: CallOptions): Promise<IngestReport>;
  /**
   * Why an event would be turned away now, untried: the queue is full, or the store is down and not yet tried again.
   * `null` where it would be tried. For adapters: asked before a body is read, what is refused costs nothing. With a tenant,
   * what that tenant has waiting decides too: a line that others have filled has room for it.
   */
  refusal(tenantId?: string): EvtError | null;
  /** Resolves when the store can take an insert now. */
  ping(options?: CallOptions): Promise<void>;
  /** Refuses new events, finishes what was accepted, closes the store. Idempotent. */
  close(): Promise<void>;
}

export interface TenantOptions {
  /**
   * Binds the view to a client, for a caller that is known to be this client and no other. Events it ingests are
   * this client's: one that names another is rejected. It reads this client's counted events and totals; of the parked
   * events those it sent itself, and this client's events that came from a caller bound to no client. It may not replay.
   */
  readonly clientId?: string;
}

/** What another store may need otherwise. Absent: as the parent has it. */
export interface EvtOverrides {
  readonly timeoutMs?: number;
  /** How often an insert is tried; 1: no retry. */
  readonly attempts?: number;
  /** `false`: each call is tried, however many have failed. */
  readonly breaker?: Partial<BreakerOptions> | false;
}

export interface CallOptions {
  /** Ends the waiting. What was handed to the store may still take effect. */
  readonly signal?: AbortSignal;
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

/** What became of the events of a stream by now; in no particular order. */
export interface StreamReport {
  /** How many were dealt with. */
  readonly events: number;
  readonly processed: number;
  readonly duplicates: number;
  readonly conflicts: number;
  readonly rejected: number;
}

/** A view that is bound to a client rejects with `EVT_FORBIDDEN` if it is asked for another client's, or to replay. */
export interface EvtTenant {
  readonly tenantId: string;
  /** The client that this view is bound to; `undefined`: it is the whole tenant's. */
  readonly clientId: string | undefined;

  /**
   * Counts one event, once. Resolved means: nothing is left to send again.
   * @throws EvtError where it could not be dealt with; send it again.
   */
  ingest(raw: unknown, options?: IngestOneOptions): Promise<SettledOutcome>;

  /**
   * Counts many; outcome i answers event i. Those that `failed` are to be sent again, alone or with the rest;
   * under an `idempotencyKey` with the rest, since twins are told apart by their ordinal.
   * @throws EvtError `EVT_OVERLOADED`, `EVT_CLOSED` (nothing was stored), `EVT_ABORTED`, `EVT_INTERNAL` (fate unknown).
   */
  ingestMany(raws: readonly unknown[], options?: IngestManyOptions): Promise<IngestReport>;

  /**
   * Counts the events of a source, as many as it has: a file, a dump, a cursor. Reads only as fast as they become
   * durable, and holds no more of them than the inserts under way, so memory stays bounded. Stops where events fail; sent
   * again from the beginning, what was counted comes back as duplicate, so a stream that broke off is resumed by
   * repeating it.
   * @throws EvtError where it was stopped, after what was under way has ended; whatever the source throws.
   */
  ingestStream(
    source: AsyncIterable<unknown> | Iterable<unknown>,
    options?: StreamOptions,
  ): Promise<StreamReport>;

  /**
   * Does what precedes the store, for adapters that keep events durably and count them later, such as an outbox. Receipt
   * and identity are fixed here. An event with neither key nor timestamp is identified by this receipt, where others
   * are by a window: what is kept is not sent again.
   * @throws EvtError `EVT_INVALID_EVENT` where an event would be rejected; then none is prepared. `EVT_CLOSED`
   */
  prepare(raws: readonly unknown[], options?: PrepareOptions): readonly PreparedEvent[];

  /** What would happen, with nothing written. Result i answers event i. */
  preview(raws: readonly unknown[], options?: IngestManyOptions): Promise<readonly Preview[]>;

  /** One counted or parked event; `null` where this tenant has none of that id. */
  get(id: string, options?: CallOptions): Promise<Entry | null>;

  /** Counted and parked events, latest received first. @throws EvtError `EVT_INVALID_QUERY` */
  list(query?: ListQuery, options?: CallOptions): Promise<ListPage>;

  /** Exact totals. @throws EvtError `EVT_INVALID_QUERY`, `EVT_TOO_WIDE` */
  aggregate(query?: AggregationQuery, options?: CallOptions): Promise<Aggregation>;

  /** How many events lie parked, by status and reasons; the most first, at most 1,000 groups. */
  reasons(filter?: Omit<ParkedFilter, "reason">, options?: CallOptions): Promise<readonly ReasonCount[]>;

  /**
   * Normalizes and counts parked events again, by the rules of now: after a mapping was mended, or with the event
   * edited. Each is counted once at most, however often, by however many and with whatever edit it is replayed; what
   * is refused again stays parked. Result i answers id i; at most 1,000. Those that the time of a call (`timeoutMs`)
   * does not suffice for are `failed`: replay them again.
   * @throws TypeError where the store cannot replay; EvtError `EVT_INTERNAL`, `EVT_ABORTED`
   */
  replay(ids: readonly string[], options?: ReplayOptions): Promise<ReplayReport>;

  /** The same for what lies parked of a filter, up to 1,000 in a call; `nextCursor` leads to the rest. */
  replayAll(query?: ReplayQuery, options?: ReplayOptions): Promise<ReplayReport>;

  /**
   * The replays of a parked event, or those by which an event came to be counted; earliest first. Of more than 1,000, the
   * one that counted the event and the latest others.
   */
  history(id: string, options?: CallOptions): Promise<readonly ReplayAttempt[]>;
}

/**
 * Where a field's value came from: a dotted path into the raw event (`payload.amount`), `default` (the mapping's),
 * `caller` (the client or the key given beside the event) or `receipt` (the time of receipt).
 */
export type Provenance = { readonly [F in Field]?: string };

/** What would become of an event. Canonical, identity and provenance are there wherever it could be normalized. */
export type Preview =
  | {
      readonly outcome: "processed" | "duplicate" | "conflict";
      readonly identifiedBy: IdentifiedBy;
      readonly identity: string;
      readonly id: string;
      readonly canonical: CanonicalEvent;
      /** The text whose SHA-256 is the identity, for anyone to recompute. */
      readonly identityJson: string;
      readonly provenance: Provenance;
      /** With `duplicate` and `conflict`: the stored event, `null` where it was pruned or is an earlier event of the same call. */
      readonly event: StoredEvent | null;
      readonly issues: readonly Issue[];
    }
  | {
      readonly outcome: "rejected";
      readonly canonical: Partial<CanonicalEvent>;
      readonly provenance: Provenance;
      readonly issues: readonly Issue[];
    };

/** An instant: an ISO 8601 text (a bare date is that day's start), or a `Date`. */
export type Instant = string | Date;

export interface ListQuery {
  readonly clientId?: string;
  readonly metric?: string;
  /** One or several; default: all of them. */
  readonly status?: EntryStatus | readonly EntryStatus[];
  /** A code of an issue, or of a failure's error: then only parked events are listed that have it. */
  readonly reason?: string;
  /** By event time, `from ≤ t < to`. A bare date as `to` is the end of that day. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** The zone of bare dates and of instants without an offset. @defaultValue "UTC" */
  readonly timeZone?: string;
  /**
   * Page size, 1 to 1,000; more is refused, not clamped. A page ends earlier where its raw events would exceed
   * `limits.rawChars`; it has at least one entry. @defaultValue 100
   */
  readonly limit?: number;
  /** Whether entries come with their raw events; with `false` none is read, and each that has one is `rawOmitted`. @defaultValue true */
  readonly raw?: boolean;
  /** `nextCursor` of the page before, with the same filter. */
  readonly cursor?: string;
  /** Leaves out that many, 0 to 10,000: for people; a cursor is the way to walk far. */
  readonly skip?: number;
}

export interface ListPage {
  readonly entries: readonly Entry[];
  /** For the page after; `null` on the last one. */
  readonly nextCursor: string | null;
}

export type GroupKey = "clientId" | "metric";
export type Interval = "hour" | "day" | "week" | "month";

export interface AggregationQuery {
  readonly clientId?: string;
  readonly metric?: string;
  /** By event time, `from ≤ t < to`. A bare date as `to` is the end of that day. */
  readonly from?: Instant;
  readonly to?: Instant;
  readonly groupBy?: readonly GroupKey[];
  /** Needs `from` and `to`. Weeks begin on Monday. */
  readonly interval?: Interval;
  /** IANA zone of buckets and bare dates. @defaultValue "UTC" */
  readonly timeZone?: string;
}

/** Rows come sorted by bucket, clientId, metric. Without grouping and interval there is always one. */
export interface Aggregation {
  readonly groupBy: readonly GroupKey[];
  readonly interval: Interval | null;
  readonly timeZone: string;
  readonly rows: readonly AggregationRow[];
}

/** Decimals are texts. All exact but `average`: at most 20 significant digits, rounded half to even. */
export interface AggregationRow {
  /** With an interval: the bucket's start, with the zone's offset. */
  readonly bucket?: string;
  /** Where grouped by it. */
  readonly clientId?: string;
  readonly metric?: string;
  readonly count: number;
  readonly sum: string;
  /** `null` where nothing was counted, like `min` and `max`. */
  readonly average: string | null;
  readonly min: string | null;
  readonly max: string | null;
}
