import { checkOnePerEvent, checkString, checkUnwrap, isIterable } from "./argument-checks.js";
import { refuseReplay, visibleClient, withVouched } from "./bound-client.js";
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
import { checkHeaders } from "./cloud-event/message-headers.js";
import type { Entry } from "./event.js";
import { EvtError } from "./evt-error.js";
import type { EvtTenant } from "./evt-tenant.js";
import { ingestAll, ingestOne } from "./ingest/ingest.js";
import { ingestStream, type StreamContext } from "./ingest/ingest-stream.js";
import { prepareAll } from "./ingest/prepare-all.js";
import { previewAll } from "./ingest/preview-all.js";
import { KNOWN } from "./known-options.js";
import { tenantIdProblem } from "./normalize/text.js";
import { checkFlag, checkFunction, checkKnown } from "./option-checks.js";
import type {
  IngestReport,
  Outcome,
  Preview,
  ReplayReport,
  SettledOutcome,
  StreamReport,
} from "./outcome.js";
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
import { type AggregateContext, aggregateTotals } from "./query/aggregate-totals.js";
import { listEntries } from "./query/list-entries.js";
import { listClients, listMetrics } from "./query/list-names.js";
import { readWith } from "./queue/read.js";
import { quoted } from "./quoted.js";
import { attemptsOf } from "./replay/attempts-of.js";
import { replayIds, replayPage } from "./replay/replay-parked.js";
import { checkSelects, parkedReasons } from "./replay/select-parked.js";
import { aborted } from "./runtime/deadline.js";
import type { ReasonCount, ReplayAttempt, ReplayStore } from "./store.js";
import { isReplayStore, isVisibleTo } from "./store-rules.js";

/** The dependencies that all views of one evt share. */
export interface TenantContext extends StreamContext, AggregateContext {
  /** @throws EvtError `EVT_CLOSED` if this evt is closed */
  readonly checkOpen: () => void;
}

const EVENT_ID = /^[0-9a-f]{64}$/;

/** Checks the application's arguments and calls the functions that do the work. */
export class Tenant implements EvtTenant {
  readonly tenantId: string;
  readonly clientId: string | undefined;
  readonly #context: TenantContext;

  constructor(tenantId: string, options: TenantOptions, context: TenantContext) {
    const problem = tenantIdProblem(tenantId);
    if (problem !== undefined) throw new TypeError(problem);
    checkKnown("tenant", options, KNOWN.tenant);
    const { clientId } = options;
    checkString("clientId", clientId);
    this.tenantId = tenantId;
    this.clientId = clientId;
    this.#context = context;
  }

  async ingest(raw: unknown, options: IngestOneOptions = {}): Promise<SettledOutcome> {
    checkKnown("ingest", options, KNOWN.ingest);
    const { idempotencyKey, rawJson, ...rest } = options;
    const perEvent = {
      ...(idempotencyKey !== undefined && { idempotencyKeys: [idempotencyKey] }),
      ...(rawJson !== undefined && { rawJson: [rawJson] }),
    };
    const many = { ...rest, ...perEvent };
    this.#check("ingest", [raw], many);
    this.#context.checkOpen();
    if (options.signal?.aborted) throw aborted(options.signal.reason);
    return settled(await ingestOne(this.tenantId, raw, withVouched(this.clientId, many), this.#context));
  }

  async ingestMany(raws: readonly unknown[], options: IngestManyOptions = {}): Promise<IngestReport> {
    this.#check("ingestMany", raws, options);
    this.#context.checkOpen();
    if (options.signal?.aborted) throw aborted(options.signal.reason);
    return ingestAll(this.tenantId, raws, withVouched(this.clientId, options), this.#context);
  }

  async ingestStream(
    source: AsyncIterable<unknown> | Iterable<unknown>,
    options: StreamOptions = {},
  ): Promise<StreamReport> {
    if (!isIterable(source))
      throw new TypeError(`ingestStream takes an iterable of events, not ${quoted(source)}`);
    checkKnown("ingestStream", options, KNOWN.ingestStream);
    checkString("clientId", options.clientId);
    this.#checkMapping(options.mapping);
    checkUnwrap(options.unwrap);
    checkFunction("onProgress", options.onProgress);
    this.#context.checkOpen();
    if (options.signal?.aborted) throw aborted(options.signal.reason);
    return ingestStream(this.tenantId, source, withVouched(this.clientId, options), this.#context);
  }

  prepare(raws: readonly unknown[], options: PrepareOptions = {}): readonly PreparedEvent[] {
    this.#check("prepare", raws, options, KNOWN.prepare);
    this.#context.checkOpen();
    return prepareAll(this.tenantId, raws, withVouched(this.clientId, options), this.#context);
  }

  async preview(raws: readonly unknown[], options: IngestManyOptions = {}): Promise<readonly Preview[]> {
    this.#check("preview", raws, options);
    this.#context.checkOpen();
    return previewAll(this.tenantId, raws, withVouched(this.clientId, options), this.#context);
  }

  async get(id: string, options: CallOptions = {}): Promise<Entry | null> {
    checkKnown("get", options, KNOWN.call);
    this.#context.checkOpen();
    if (typeof id !== "string" || !EVENT_ID.test(id)) return null;
    const { store } = this.#context;
    const [entry] = await readWith(this.#context, options.signal, (call) =>
      store.get(this.tenantId, [id], call),
    );
    return entry && (this.clientId === undefined || isVisibleTo(entry, this.clientId)) ? entry : null;
  }

  async list(query: ListQuery = {}, options: CallOptions = {}): Promise<ListPage> {
    checkKnown("list", query, KNOWN.list);
    checkFlag("raw", query.raw);
    this.#context.checkOpen();
    const context = { ...this.#context, visibleTo: visibleClient(this.clientId, query) };
    return listEntries(this.tenantId, query, options.signal, context);
  }

  async aggregate(query: AggregationQuery = {}, options: CallOptions = {}): Promise<Aggregation> {
    checkKnown("aggregate", query, KNOWN.aggregate);
    this.#context.checkOpen();
    const clientId = visibleClient(this.clientId, query);
    const visible = clientId === undefined ? query : { ...query, clientId };
    return aggregateTotals(this.tenantId, visible, options.signal, this.#context);
  }

  async clients(query: ClientsQuery = {}, options: CallOptions = {}): Promise<ClientsPage> {
    checkKnown("clients", query, KNOWN.clients);
    this.#context.checkOpen();
    const visible = { ...query, clientId: this.clientId };
    return listClients(this.tenantId, visible, options.signal, this.#context);
  }

  async metrics(query: MetricsQuery = {}, options: CallOptions = {}): Promise<MetricsPage> {
    checkKnown("metrics", query, KNOWN.metrics);
    this.#context.checkOpen();
    const clientId = visibleClient(this.clientId, query) ?? query.clientId;
    return listMetrics(this.tenantId, { ...query, clientId }, options.signal, this.#context);
  }

  async reasons(
    filter: Omit<ParkedFilter, "reason"> = {},
    options: CallOptions = {},
  ): Promise<readonly ReasonCount[]> {
    checkKnown("reasons", filter, KNOWN.reasons);
    const context = { ...this.#replayContext(), visibleTo: visibleClient(this.clientId, filter) };
    return parkedReasons(this.tenantId, filter, options.signal, context);
  }

  async replay(ids: readonly string[], options: ReplayOptions = {}): Promise<ReplayReport> {
    if (!Array.isArray(ids)) throw new TypeError(`replay takes an array of ids, not ${quoted(ids)}`);
    this.#checkReplay("replay", options);
    const context = this.#replayContext();
    return context.underWay.during(replayIds(this.tenantId, ids, options, context));
  }

  async replayPage(query: ReplayQuery, options: ReplayOptions = {}): Promise<ReplayReport> {
    checkKnown("replayPage", query, KNOWN.replayPage);
    this.#checkReplay("replayPage", options);
    const { all, ...page } = query;
    checkSelects(page, all);
    const context = this.#replayContext();
    return context.underWay.during(replayPage(this.tenantId, page, options, context));
  }

  async history(id: string, options: CallOptions = {}): Promise<readonly ReplayAttempt[]> {
    checkKnown("history", options, KNOWN.call);
    const context = this.#replayContext();
    if (typeof id !== "string" || !EVENT_ID.test(id)) return [];
    if (this.clientId !== undefined && (await this.get(id, options)) === null) return [];
    return attemptsOf(this.tenantId, id, options.signal, context);
  }

  #replayContext(): TenantContext & { readonly store: ReplayStore } {
    this.#context.checkOpen();
    const { store } = this.#context;
    if (isReplayStore(store)) return { ...this.#context, store };
    throw new TypeError(
      "this store cannot replay parked events: it does not have the methods of ReplayStore",
    );
  }

  #checkReplay(what: string, options: ReplayOptions): void {
    refuseReplay(this.clientId);
    checkKnown(what, options, KNOWN.replay);
    checkString("clientId", options.clientId);
    this.#checkMapping(options.mapping);
    checkFunction("edit", options.edit);
    if (options.signal?.aborted) throw aborted(options.signal.reason);
  }

  #check(
    what: string,
    raws: readonly unknown[],
    options: IngestManyOptions,
    known: readonly string[] = KNOWN.ingestMany,
  ): void {
    if (!Array.isArray(raws)) throw new TypeError(`${what} takes an array of events, not ${quoted(raws)}`);
    checkKnown(what, options, known);
    checkOnePerEvent("rawJson", options.rawJson, raws);
    checkOnePerEvent("idempotencyKeys", options.idempotencyKeys, raws);
    checkString("clientId", options.clientId);
    checkString("idempotencyKey", options.idempotencyKey);
    checkFlag("raw", options.raw);
    checkFlag("partial", options.partial);
    checkHeaders(options.headers);
    this.#checkMapping(options.mapping);
    checkUnwrap(options.unwrap);
  }

  #checkMapping(mapping: string | undefined): void {
    if (mapping === undefined || this.#context.choice.has(mapping)) return;
    const names = this.#context.choice.names().map(quoted).join(", ") || "none";
    throw new TypeError(`there is no mapping ${quoted(mapping)}; the mappings are: ${names}`);
  }
}

function settled(outcome: Outcome): SettledOutcome {
  if (outcome.outcome !== "failed") return outcome;
  throw new EvtError(outcome.error.code, outcome.error.message, { cause: outcome.cause });
}
