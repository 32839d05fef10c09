import type {
  CallOptions,
  IngestManyOptions,
  IngestOneOptions,
  PreparedEvent,
  PrepareOptions,
  ReplayOptions,
  StreamOptions,
  TenantOptions,
} from "./calls.js";
import type { Entry } from "./event.js";
import type { EvtError } from "./evt-error.js";
import type { IngestReport, Preview, ReplayReport, SettledOutcome, StreamReport } from "./outcome.js";
import type {
  Aggregation,
  AggregationQuery,
  ListPage,
  ListQuery,
  ParkedFilter,
  ReplayQuery,
} from "./queries.js";
import type { BreakerOptions } from "./queue/breaker.js";
import type { ReasonCount, ReplayAttempt, Store } from "./store.js";

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

/** What another store may need otherwise. Absent: as the parent has it. */
export interface EvtOverrides {
  readonly timeoutMs?: number;
  /** How often an insert is tried; 1: no retry. */
  readonly attempts?: number;
  /** `false`: each call is tried, however many have failed. */
  readonly breaker?: Partial<BreakerOptions> | false;
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
