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
import type { Optional } from "./option-checks.js";
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

/** Counts events of many tenants against one store. Created by `createEvt`. `Name` is the type of the names in `mappings`. */
export interface Evt<Name extends string = string> {
  /** The names in `mappings`. An adapter uses them to check a mapping name that a client sent. */
  readonly mappings: readonly Name[];
  /**
   * Returns the view of one tenant. Nothing is read or deduplicated across tenants.
   *
   * @param tenantId - 1 to 64 characters, without spaces at its ends
   * @throws TypeError if the tenant id or the client id is not valid
   *
   * @example
   * const events = evt.tenant("acme");
   * const shop = evt.tenant("acme", { clientId: "shop" }); // for a caller that is known to be this client
   */
  tenant(tenantId: string, options?: TenantOptions): EvtTenant<Name>;
  /**
   * Returns an `Evt` with the same options, a wrapped store and its own queue. Used to simulate failures. Closing the
   * original `Evt` also closes the returned one.
   *
   * @example
   * import { failing } from "@evt/core/testing";
   * const drill = evt.withStore((store) => failing(store, "after"), { attempts: 1 });
   */
  withStore(wrap: (store: Store) => Store, overrides?: EvtOverrides): Evt<Name>;
  /**
   * Counts events that `prepare` returned earlier, of any tenant. For adapters such as an outbox. Outcome i belongs to
   * event i. If the caller passes an event again, the event is still counted once, and its outcome is `processed` each
   * time. A `failed` event is not parked: the caller still has it and must pass it again.
   *
   * @throws EvtError `EVT_OVERLOADED` or `EVT_CLOSED`: nothing was stored. `EVT_ABORTED`, `EVT_INTERNAL` or
   * `EVT_SCHEMA_OUTDATED`: some events may be stored.
   */
  ingestPrepared(events: readonly PreparedEvent[], options?: CallOptions): Promise<IngestReport>;
  /**
   * Returns the error with which evt would refuse an event now without a store call. This happens if the queue is full,
   * or if the store is down and its breaker is open. Returns `null` if evt would try to count the event. Adapters call
   * `refusal` before they read a request body. With a tenant id, the result depends on that tenant's share of the queue.
   */
  refusal(tenantId?: string): EvtError | null;
  /**
   * Resolves if the store can take an insert now.
   * @throws EvtError if the store cannot, or does not respond within `timeoutMs`
   */
  ping(options?: CallOptions): Promise<void>;
  /** Refuses new events, waits for accepted events to finish, and closes the store. Idempotent. */
  close(): Promise<void>;
  /**
   * Does what `close` does.
   * @example
   * await using evt = createEvt({ store });
   */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Options that `withStore` overrides. An absent option has the value of the original `Evt`. */
export interface EvtOverrides {
  /** Time limit of one call, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  /** Number of tries of one store call. 1 means no retry. */
  readonly attempts?: number | undefined;
  /** `false` turns the breaker off. Each call then tries the store, even if all earlier calls failed. */
  readonly breaker?: Optional<BreakerOptions> | false | undefined;
}

/**
 * The view of one tenant, or of one of its clients. A view that is bound to a client throws `EVT_FORBIDDEN` if a query
 * names another client, and for every replay.
 */
export interface EvtTenant<Name extends string = string> {
  readonly tenantId: string;
  /** The client that this view is bound to. `undefined` if the view covers the whole tenant. */
  readonly clientId: string | undefined;

  /**
   * Counts one event exactly once. When the promise resolves, the sender need not send the event again.
   *
   * @param raw - the event as it was sent: a plain object
   * @throws EvtError if the event could not be counted or parked. Send the event again: it is counted only once.
   *
   * @example
   * const outcome = await events.ingest({ client: "shop", type: "order", amount: "19.90", eventId: "order-17" });
   * if (outcome.outcome === "rejected") console.log(outcome.issues);
   */
  ingest(raw: unknown, options?: IngestOneOptions<Name>): Promise<SettledOutcome>;

  /**
   * Counts many events. Outcome i belongs to event i. Send the `failed` events again, alone or together with the others.
   * If the call had an `idempotencyKey`, send the whole batch again, because only an ordinal distinguishes equal events.
   *
   * @throws EvtError `EVT_OVERLOADED` or `EVT_CLOSED`: nothing was stored. `EVT_ABORTED`, `EVT_INTERNAL` or
   * `EVT_SCHEMA_OUTDATED`: some events may be stored.
   *
   * @example
   * const report = await events.ingestMany(batch, { idempotencyKey: "file-2024-01-15" });
   * console.log(report.processed, report.duplicates, report.failed);
   */
  ingestMany(raws: readonly unknown[], options?: IngestManyOptions<Name>): Promise<IngestReport>;

  /**
   * Counts the events of an iterable, such as a file, a dump or a database cursor. It reads no faster than events become
   * durable, so its use of memory is bounded. It stops at the first event that fails. To resume, send the whole source
   * again: events that were counted are reported as duplicates.
   *
   * @throws EvtError if the stream stopped early. The promise rejects after the inserts in flight have ended. An error
   * that the source throws is rethrown unchanged.
   *
   * @example
   * const lines = createInterface({ input: createReadStream("events.ndjson") });
   * async function* parsed() { for await (const line of lines) yield JSON.parse(line); }
   * const report = await events.ingestStream(parsed());
   */
  ingestStream(
    source: AsyncIterable<unknown> | Iterable<unknown>,
    options?: StreamOptions<Name>,
  ): Promise<StreamReport>;

  /**
   * Checks, normalizes and identifies events without a store call, for adapters that store events durably and count them
   * later, such as an outbox. `prepare` sets the receive time and the identity. Clients do not send a prepared event
   * again. So an event with neither key nor timestamp is identified by this receipt instead of a window.
   *
   * @throws EvtError `EVT_INVALID_EVENT` if an event would be rejected. Nothing is prepared then, and `issues` names the
   * event. `EVT_CLOSED`
   */
  prepare(raws: readonly unknown[], options?: PrepareOptions<Name>): readonly PreparedEvent[];

  /** Returns the results that `ingestMany` would have now, and writes nothing. Result i belongs to event i. */
  preview(raws: readonly unknown[], options?: IngestManyOptions<Name>): Promise<readonly Preview[]>;

  /** Returns the counted or parked event with this id, or `null` if this view has none. */
  get(id: string, options?: CallOptions): Promise<Entry | null>;

  /**
   * Returns a page of counted and parked events, the latest received first.
   *
   * @throws EvtError `EVT_INVALID_QUERY`; its `parameter` names the wrong member
   *
   * @example
   * let cursor: string | undefined;
   * do {
   *   const page = await events.list({ status: "rejected", cursor });
   *   for (const entry of page.entries) console.log(entry.id, entry.rawJson);
   *   cursor = page.nextCursor ?? undefined;
   * } while (cursor !== undefined);
   */
  list(query?: ListQuery, options?: CallOptions): Promise<ListPage>;

  /**
   * Returns exact totals of the counted events.
   *
   * @throws EvtError `EVT_INVALID_QUERY`; `EVT_TOO_WIDE` if the result would have too many rows or buckets; `EVT_PRUNED`
   * if the range begins or ends inside a quarter hour whose events were pruned
   *
   * @example
   * const { rows } = await events.aggregate({ from: "2024-01-01", to: "2024-01-31", interval: "day", groupBy: ["metric"] });
   */
  aggregate(query?: AggregationQuery, options?: CallOptions): Promise<Aggregation>;

  /** Counts the unresolved parked events by status and reasons: up to 1,000 groups, the largest first. */
  reasons(filter?: Omit<ParkedFilter, "reason">, options?: CallOptions): Promise<readonly ReasonCount[]>;

  /**
   * Normalizes and counts parked events again with the current mapping, or after an `edit`. Each parked event is counted
   * at most once, regardless of the number of replays, their edits and the number of processes. An event that still
   * cannot be counted stays parked. Result i belongs to id i. If `timeoutMs` passes first, the remaining events are
   * `failed`: replay them again.
   *
   * @param ids - ids of parked events, up to 1,000
   * @throws TypeError if the store cannot replay
   * @throws EvtError `EVT_FORBIDDEN`, `EVT_INVALID_QUERY`, `EVT_INTERNAL`, `EVT_ABORTED`
   */
  replay(ids: readonly string[], options?: ReplayOptions<Name>): Promise<ReplayReport>;

  /**
   * Replays one page of the parked events that a filter selects: up to `limit` events, or fewer if `timeoutMs` passes
   * first. To replay the rest, pass the report's `nextCursor` as `cursor`.
   *
   * @param query - a filter, or `{ all: true }` for every parked event
   * @throws TypeError if the store cannot replay
   * @throws EvtError `EVT_FORBIDDEN`, `EVT_INVALID_QUERY`, `EVT_INTERNAL`, `EVT_ABORTED`
   *
   * @example
   * let cursor: string | undefined;
   * do {
   *   const report = await events.replayPage({ reason: "amount_missing", cursor });
   *   cursor = report.nextCursor ?? undefined;
   * } while (cursor !== undefined);
   */
  replayPage(query: ReplayQuery, options?: ReplayOptions<Name>): Promise<ReplayReport>;

  /**
   * Returns the replay history of a parked event, or of the event that a replay counted, the earliest first. If there are
   * more than 1,000 replays, it returns the replay that counted the event and the latest others.
   */
  history(id: string, options?: CallOptions): Promise<readonly ReplayAttempt[]>;
}
