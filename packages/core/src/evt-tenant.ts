import type {
  CallOptions,
  IngestManyOptions,
  IngestOneOptions,
  PreparedEvent,
  PrepareOptions,
  ReplayOptions,
  StreamOptions,
} from "./calls.js";
import type { Entry } from "./event.js";
import type { IngestReport, Preview, ReplayReport, SettledOutcome, StreamReport } from "./outcome.js";
import type {
  Aggregation,
  AggregationQuery,
  ClientsPage,
  ClientsQuery,
  ListPage,
  ListQuery,
  MetricsPage,
  MetricsQuery,
  ParkedFilter,
  ReplayQuery,
} from "./queries.js";
import type { ReasonCount, ReplayAttempt } from "./store.js";

/**
 * The view of one tenant, or of one of its clients. A view that is bound to a client throws `EVT_FORBIDDEN` for every
 * replay, and for a query that names another client.
 */
export interface EvtTenant<Name extends string = string> {
  readonly tenantId: string;
  /** The client that this view is bound to. `undefined` if the view covers the whole tenant. */
  readonly clientId: string | undefined;

  /**
   * Counts one event exactly once. When the promise resolves, the sender need not send the event again.
   *
   * @param raw - the event as it was sent, usually a plain object
   * @throws EvtError if evt could not finish processing the event. Whether to send the event again depends on the error's
   * `retryable`.
   *
   * @example
   * const outcome = await events.ingest({ client: "shop", type: "order", amount: "19.90", eventId: "order-17" });
   * if (outcome.outcome === "rejected") console.log(outcome.issues);
   */
  ingest(raw: unknown, options?: IngestOneOptions<Name>): Promise<SettledOutcome>;

  /**
   * Counts many events. Outcome i belongs to event i, unless the call has an envelope: then `place` names the event. Send
   * the `failed` events again, alone or together with the others. If the call had an `idempotencyKey`, or the mapping has
   * `identical: "ordinal"`, send the whole batch again, because only an ordinal distinguishes equal events.
   *
   * @throws EvtError `EVT_OVERLOADED` or `EVT_CLOSED`: nothing was stored. `EVT_INVALID_EVENT`: an event of a `partial` call
   * needs a key; nothing was stored. `EVT_ABORTED`, `EVT_INTERNAL` or
   * `EVT_SCHEMA_OUTDATED`: some events may be stored.
   *
   * @example
   * const report = await events.ingestMany(batch, { idempotencyKey: "file-2024-01-15" });
   * console.log(report.processed, report.duplicates, report.failed);
   */
  ingestMany(raws: readonly unknown[], options?: IngestManyOptions<Name>): Promise<IngestReport>;

  /**
   * Counts the events of an iterable, such as the lines of a file or a database cursor. It reads no faster than events
   * become durable, so its use of memory is bounded. It stops at the first event that fails. To resume, send the whole
   * source again: a counted event that has a key or a timestamp is then a duplicate.
   *
   * @throws EvtError if an event failed or the signal aborted. An error that the source throws is rethrown unchanged,
   * after the inserts in flight have ended.
   * @throws TypeError if an event has no key and its mapping has `identical: "ordinal"` or `identical: "reject"`
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
   * later, such as an outbox. `prepare` sets the receive time and the identity. evt assumes that a client does not send a
   * prepared event again. So it identifies an event with neither key nor timestamp by this receipt, and not by its
   * content.
   *
   * @throws EvtError `EVT_INVALID_EVENT` if any event would be rejected; `issues` names these events. `EVT_CLOSED` if
   * this evt is closed
   */
  prepare(raws: readonly unknown[], options?: PrepareOptions<Name>): readonly PreparedEvent[];

  /**
   * Returns the result that each event would have in `ingestMany` now, and writes nothing. It cannot foresee
   * `batch_incomplete` and `refused_by_store`. Result i belongs to event i, unless the call has an envelope: then `place`
   * names the event.
   */
  preview(raws: readonly unknown[], options?: IngestManyOptions<Name>): Promise<readonly Preview[]>;

  /** Returns the counted or parked event with this id, or `null` if this view has none. */
  get(id: string, options?: CallOptions): Promise<Entry | null>;

  /**
   * Returns a page of counted events and unresolved parked events, the latest received first.
   *
   * @throws EvtError such as `EVT_INVALID_QUERY`; its `parameter` names the wrong member
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
   * Returns totals of the counted events. All values except averages are exact.
   *
   * @throws EvtError such as `EVT_INVALID_QUERY`; `EVT_TOO_WIDE` if the result would have too many buckets, or too many rows
   * without a `limit`; `EVT_PRUNED` if the range begins or ends inside a quarter hour whose events were pruned
   *
   * @example
   * const { rows } = await events.aggregate({ from: "2024-01-01", to: "2024-01-31", interval: "day", groupBy: ["metric"] });
   */
  aggregate(query?: AggregationQuery, options?: CallOptions): Promise<Aggregation>;

  /**
   * Returns a page of the distinct clients of the counted events, sorted by code point. A client remains after its events
   * are pruned. A bound view returns only its own client.
   *
   * @throws EvtError such as `EVT_INVALID_QUERY`; its `parameter` names the wrong member
   *
   * @example
   * const { clients } = await events.clients({ prefix: "sho", limit: 10 });
   */
  clients(query?: ClientsQuery, options?: CallOptions): Promise<ClientsPage>;

  /**
   * Returns a page of the distinct metrics of the counted events, sorted by code point. A metric remains after its events
   * are pruned. A bound view returns only the metrics of its own client.
   *
   * @throws EvtError such as `EVT_INVALID_QUERY`; its `parameter` names the wrong member
   */
  metrics(query?: MetricsQuery, options?: CallOptions): Promise<MetricsPage>;

  /**
   * Counts the unresolved parked events by status and reasons. Returns up to 1,000 groups, the largest first.
   * @throws TypeError if the store cannot replay
   */
  reasons(filter?: Omit<ParkedFilter, "reason">, options?: CallOptions): Promise<readonly ReasonCount[]>;

  /**
   * Normalizes and counts parked events again with the current mapping, or after an `edit`. Each parked event is counted
   * at most once, regardless of the number of replays, their edits and the number of processes. If the result of a replay
   * is `conflict` or `rejected`, the event stays parked. Result i belongs to id i. If `timeoutMs` passes first, the
   * remaining events are `failed`: replay them again.
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
   * @throws TypeError if the store cannot replay
   */
  history(id: string, options?: CallOptions): Promise<readonly ReplayAttempt[]>;
}
