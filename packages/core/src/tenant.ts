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
import type { EvtTenant } from "./evt.js";
import { EvtError } from "./evt-error.js";
import { ingestAll } from "./ingest/ingest.js";
import { ingestStream, type StreamContext } from "./ingest/ingest-stream.js";
import { prepareAll } from "./ingest/prepare-all.js";
import { previewAll } from "./ingest/preview-all.js";
import { givenTextProblem, tenantIdProblem } from "./normalize/text.js";
import { checkKnown } from "./option-checks.js";
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
  ListPage,
  ListQuery,
  ParkedFilter,
  ReplayQuery,
} from "./queries.js";
import { type AggregateContext, aggregateTotals } from "./query/aggregate-totals.js";
import { listEntries } from "./query/list-entries.js";
import { readWith } from "./queue/read.js";
import { quoted } from "./quoted.js";
import { attemptsOf } from "./replay/attempts-of.js";
import { replayAll, replayIds } from "./replay/replay-parked.js";
import { parkedReasons } from "./replay/select-parked.js";
import { aborted } from "./runtime/deadline.js";
import type { ReasonCount, ReplayAttempt, ReplayStore } from "./store.js";
import { isReplayStore, isVisibleTo } from "./store-rules.js";

export interface TenantContext extends StreamContext, AggregateContext {
  /** @throws EvtError `EVT_CLOSED` once the evt was closed. */
  readonly checkOpen: () => void;
}

const EVENT_ID = /^[0-9a-f]{64}$/;
const ONE_OPTIONS = ["signal", "clientId", "mapping", "idempotencyKey", "rawJson", "raw"];
const MANY_OPTIONS = [...ONE_OPTIONS, "idempotencyKeys"];
const PREPARE_OPTIONS = MANY_OPTIONS.filter((name) => name !== "signal" && name !== "raw");
const STREAM_OPTIONS = ["signal", "clientId", "mapping", "onProgress"];
const REPLAY_OPTIONS = ["signal", "mapping", "clientId", "edit", "dryRun"];
const PARKED_OPTIONS = ["clientId", "metric", "status", "from", "to", "timeZone"];
const LIST_OPTIONS = [
  "clientId",
  "metric",
  "status",
  "reason",
  "from",
  "to",
  "timeZone",
  "limit",
  "cursor",
  "skip",
  "raw",
];
const AGGREGATE_OPTIONS = ["clientId", "metric", "from", "to", "groupBy", "interval", "timeZone"];

/** Checks what an application passes in; the rest is done by those it calls. */
export class Tenant implements EvtTenant {
  readonly tenantId: string;
  readonly clientId: string | undefined;
  readonly #context: TenantContext;

  constructor(tenantId: string, options: TenantOptions, context: TenantContext) {
    const problem = tenantIdProblem(tenantId);
    if (problem !== undefined) throw new TypeError(problem);
    checkKnown("tenant", options, ["clientId"]);
    const { clientId } = options;
    checkText("clientId", clientId);
    this.tenantId = tenantId;
    this.clientId = clientId;
    this.#context = context;
  }

  async ingest(raw: unknown, options: IngestOneOptions = {}): Promise<SettledOutcome> {
    checkKnown("ingest", options, ONE_OPTIONS);
    const { idempotencyKey, rawJson, ...rest } = options;
    const beside = {
      ...(idempotencyKey !== undefined && { idempotencyKeys: [idempotencyKey] }),
      ...(rawJson !== undefined && { rawJson: [rawJson] }),
    };
    const report = await this.ingestMany([raw], { ...rest, ...beside });
    return settled(report.outcomes[0] as Outcome);
  }

  async ingestMany(raws: readonly unknown[], options: IngestManyOptions = {}): Promise<IngestReport> {
    this.#check("ingestMany", raws, options);
    this.#context.checkOpen();
    if (options.signal?.aborted) throw aborted(options.signal.reason);
    return ingestAll(this.tenantId, raws, this.#vouched(options), this.#context);
  }

  async ingestStream(
    source: AsyncIterable<unknown> | Iterable<unknown>,
    options: StreamOptions = {},
  ): Promise<StreamReport> {
    if (!isIterable(source))
      throw new TypeError(`ingestStream takes an iterable of events; it was given ${quoted(source)}`);
    checkKnown("ingestStream", options, STREAM_OPTIONS);
    checkText("clientId", options.clientId);
    this.#checkMapping(options.mapping);
    if (options.onProgress !== undefined && typeof options.onProgress !== "function")
      throw new TypeError("onProgress must be a function");
    this.#context.checkOpen();
    if (options.signal?.aborted) throw aborted(options.signal.reason);
    return ingestStream(this.tenantId, source, this.#vouched(options), this.#context);
  }

  prepare(raws: readonly unknown[], options: PrepareOptions = {}): readonly PreparedEvent[] {
    this.#check("prepare", raws, options, PREPARE_OPTIONS);
    this.#context.checkOpen();
    return prepareAll(this.tenantId, raws, this.#vouched(options), this.#context);
  }

  async preview(raws: readonly unknown[], options: IngestManyOptions = {}): Promise<readonly Preview[]> {
    this.#check("preview", raws, options);
    this.#context.checkOpen();
    return previewAll(this.tenantId, raws, this.#vouched(options), this.#context);
  }

  async get(id: string, options: CallOptions = {}): Promise<Entry | null> {
    checkKnown("get", options, ["signal"]);
    this.#context.checkOpen();
    if (typeof id !== "string" || !EVENT_ID.test(id)) return null;
    const { store } = this.#context;
    const [entry] = await readWith(this.#context, options.signal, (call) =>
      store.get(this.tenantId, [id], call),
    );
    return entry && this.#sees(entry) ? entry : null;
  }

  async list(query: ListQuery = {}, options: CallOptions = {}): Promise<ListPage> {
    checkKnown("list", query, LIST_OPTIONS);
    checkFlag("raw", query.raw);
    this.#context.checkOpen();
    const context = { ...this.#context, visibleTo: this.#visibleTo(query) };
    return listEntries(this.tenantId, query, options.signal, context);
  }

  async aggregate(query: AggregationQuery = {}, options: CallOptions = {}): Promise<Aggregation> {
    checkKnown("aggregate", query, AGGREGATE_OPTIONS);
    this.#context.checkOpen();
    const clientId = this.#visibleTo(query);
    const asked = clientId === undefined ? query : { ...query, clientId };
    return aggregateTotals(this.tenantId, asked, options.signal, this.#context);
  }

  async reasons(
    filter: Omit<ParkedFilter, "reason"> = {},
    options: CallOptions = {},
  ): Promise<readonly ReasonCount[]> {
    checkKnown("reasons", filter, PARKED_OPTIONS);
    const context = { ...this.#replayContext(), visibleTo: this.#visibleTo(filter) };
    return parkedReasons(this.tenantId, filter, options.signal, context);
  }

  async replay(ids: readonly string[], options: ReplayOptions = {}): Promise<ReplayReport> {
    if (!Array.isArray(ids)) throw new TypeError(`replay takes an array of ids; it was given ${quoted(ids)}`);
    this.#checkReplay("replay", options);
    const context = this.#replayContext();
    return context.underWay.during(replayIds(this.tenantId, ids, options, context));
  }

  async replayAll(query: ReplayQuery = {}, options: ReplayOptions = {}): Promise<ReplayReport> {
    checkKnown("replayAll", query, [...PARKED_OPTIONS, "reason", "limit", "cursor"]);
    this.#checkReplay("replayAll", options);
    const context = this.#replayContext();
    return context.underWay.during(replayAll(this.tenantId, query, options, context));
  }

  async history(id: string, options: CallOptions = {}): Promise<readonly ReplayAttempt[]> {
    checkKnown("history", options, ["signal"]);
    const context = this.#replayContext();
    if (typeof id !== "string" || !EVENT_ID.test(id)) return [];
    if (this.clientId !== undefined && (await this.get(id, options)) === null) return [];
    return attemptsOf(this.tenantId, id, options.signal, context);
  }

  #replayContext(): TenantContext & { readonly store: ReplayStore } {
    this.#context.checkOpen();
    const { store } = this.#context;
    if (isReplayStore(store)) return { ...this.#context, store };
    throw new TypeError("this store cannot replay parked events: it has not the methods of ReplayStore");
  }

  /** What every way of ingesting is given: the client of this view. */
  #vouched<Options extends { readonly clientId?: string }>(options: Options): Options {
    const { clientId } = this;
    if (clientId === undefined) return options;
    if (options.clientId === undefined || options.clientId === clientId) return { ...options, clientId };
    throw new TypeError(`clientId is ${quoted(options.clientId)}; this view is bound to ${quoted(clientId)}`);
  }

  /** The client to whose entries reads are limited; `undefined`: to none. */
  #visibleTo({ clientId: asked }: { readonly clientId?: string }): string | undefined {
    const { clientId } = this;
    if (clientId === undefined || asked === undefined || asked === clientId) return clientId;
    const message = `clientId ${quoted(asked)} is not the caller's, ${quoted(clientId)}; leave it out`;
    throw new EvtError("EVT_FORBIDDEN", message, { parameter: "clientId" });
  }

  #sees(entry: Entry): boolean {
    return this.clientId === undefined || isVisibleTo(entry, this.clientId);
  }

  #checkReplay(what: string, options: ReplayOptions): void {
    // a replay may count an event for another client than the one that sent it
    if (this.clientId !== undefined)
      throw new EvtError("EVT_FORBIDDEN", "a single client may not replay; use credentials of the tenant");
    checkKnown(what, options, REPLAY_OPTIONS);
    checkText("clientId", options.clientId);
    this.#checkMapping(options.mapping);
    if (options.edit !== undefined && typeof options.edit !== "function")
      throw new TypeError("edit must be a function of the raw event");
    if (options.signal?.aborted) throw aborted(options.signal.reason);
  }

  #check(
    what: string,
    raws: readonly unknown[],
    options: IngestManyOptions,
    known: readonly string[] = MANY_OPTIONS,
  ): void {
    if (!Array.isArray(raws))
      throw new TypeError(`${what} takes an array of events; it was given ${quoted(raws)}`);
    checkKnown(what, options, known);
    checkBeside("rawJson", options.rawJson, raws);
    checkBeside("idempotencyKeys", options.idempotencyKeys, raws);
    checkText("clientId", options.clientId);
    checkText("idempotencyKey", options.idempotencyKey);
    checkFlag("raw", options.raw);
    this.#checkMapping(options.mapping);
  }

  #checkMapping(mapping: string | undefined): void {
    if (mapping === undefined || this.#context.choice.has(mapping)) return;
    const names = this.#context.choice.names().map(quoted).join(", ") || "none";
    throw new TypeError(`there is no mapping ${quoted(mapping)}; the mappings are: ${names}`);
  }
}

/** A text is one, too, but is hardly meant. */
function isIterable(source: unknown): boolean {
  if (typeof source !== "object" || source === null) return false;
  return Symbol.asyncIterator in source || Symbol.iterator in source;
}

function settled(outcome: Outcome): SettledOutcome {
  if (outcome.outcome !== "failed") return outcome;
  throw new EvtError(outcome.error.code, outcome.error.message, { cause: outcome.cause });
}

function checkBeside(name: string, values: readonly unknown[] | undefined, raws: readonly unknown[]): void {
  if (values === undefined || (Array.isArray(values) && values.length === raws.length)) return;
  throw new TypeError(`${name} must be an array with one member for each of the ${raws.length} events`);
}

function checkFlag(name: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new TypeError(`${name} is ${quoted(value)}; it must be true or false`);
}

function checkText(name: string, value: string | undefined): void {
  const problem = value === undefined ? undefined : givenTextProblem(value, name);
  if (problem !== undefined) throw new TypeError(problem);
}
