import { checkMapping } from "./normalize/check-mapping.js";
import type { Mapping } from "./normalize/mapping.js";
import type { SelectMapping } from "./normalize/mapping-choice.js";
import type { RawPolicy } from "./normalize/raw-text.js";
import { checkFunction, checkKnown, checkOneOf, checkWhole, type Optional } from "./option-checks.js";
import type { Outcome } from "./outcome.js";
import { combinationsOf, type TotalsOptions } from "./query/combinations.js";
import { type BreakerOptions, DEFAULT_BREAKER } from "./queue/breaker.js";
import { DEFAULT_QUEUE, type QueueLimits } from "./queue/queue-limits.js";
import { DEFAULT_RETRY, type RetryOptions } from "./queue/retry.js";
import type { Runtime } from "./runtime/runtime.js";
import type { Store } from "./store.js";

/** Further mappings by name. */
export type NamedMappings = Readonly<Record<string, Mapping>>;

/** Options of `createEvt`. */
export interface EvtOptions<Mappings extends NamedMappings = NamedMappings> {
  /** Stores the events: `new PostgresStore({ pool })`, or `new MemoryStore()` for tests. */
  readonly store: Store;
  /** The mapping of raw events to fields. @defaultValue the common names of each field, in the common containers */
  readonly mapping?: Mapping | undefined;
  /** Further mappings by name. `selectMapping` or the caller chooses one of them. @defaultValue none */
  readonly mappings?: Mappings | undefined;
  /**
   * Returns the name of the mapping for an event, for example by its client or shape. `undefined` means the default
   * choice.
   * @defaultValue the default choice for each event
   */
  readonly selectMapping?: SelectMapping | undefined;
  /**
   * The part of a raw event that is stored: all of it (`keep`), nothing (`drop`), or the value that the function returns.
   * @defaultValue "keep"
   */
  readonly raw?: RawPolicy | undefined;
  /**
   * Time limit of one call, in milliseconds. Includes waiting and retries, but not the work that `parkTimeoutMs` limits.
   * @defaultValue 10_000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Time limit for the work after the insert, in milliseconds. It applies separately to reading the raw events of stored
   * events and to parking the events that were not counted.
   * @defaultValue 2_000
   */
  readonly parkTimeoutMs?: number | undefined;
  /** How evt retries inserts, parking and replays after transient failures. Reads such as `list` are not retried. */
  readonly retry?: Optional<RetryOptions> | undefined;
  /** When evt stops calling a store that is down. With `false`, evt always calls the store. */
  readonly breaker?: Optional<BreakerOptions> | false | undefined;
  /** Limits on memory, concurrency and the size of results. */
  readonly limits?: Optional<EvtLimits> | undefined;
  /**
   * The totals by dimensions that the store keeps, so that `aggregate` need not read events for them. Totals are exact
   * without this option, too.
   * @defaultValue none
   */
  readonly totals?: TotalsOptions | undefined;
  /**
   * Called with every outcome of an ingest before the call returns, for metrics and logs. evt ignores an error that this
   * function throws.
   */
  readonly onOutcome?: ((outcome: Outcome, tenantId: string) => void) | undefined;
  /** Replaces clock, randomness, timers, pauses and receipt ids in tests. */
  readonly runtime?: Optional<Runtime> | undefined;
}

/** Limits of one `Evt`. Each is a positive whole number. */
export interface EvtLimits extends QueueLimits {
  /**
   * Maximum number of rows of an aggregation, and its greatest `limit`. Without a `limit`, an aggregation with more rows
   * is refused with `EVT_TOO_WIDE`.
   * @defaultValue 10_000
   */
  readonly aggregationRows: number;
  /**
   * Maximum number of concurrent reads, replays and parking calls of the store. The sum of this limit and
   * `batchesInFlight` should not greatly exceed the number of the store's connections.
   * @defaultValue 6
   */
  readonly readsAtOnce: number;
  /**
   * Maximum number of concurrent reads, replays and parking calls of one tenant. Raise this limit if there is only one
   * tenant.
   * @defaultValue 2
   */
  readonly tenantReadsAtOnce: number;
  /**
   * Maximum number of waiting reads, replays and parking calls of one tenant. Further reads and replays are refused with
   * `EVT_OVERLOADED`.
   * @defaultValue 100
   */
  readonly tenantReadsWaiting: number;
  /**
   * Maximum size of the raw events that one call returns, in characters. A page of a list ends before a raw event that
   * exceeds this limit. Other results omit further raw events (`rawOmitted`). The first raw event is returned regardless
   * of its length.
   * @defaultValue 4_194_304
   */
  readonly rawChars: number;
  /**
   * Maximum number of events in all envelopes of one call. An envelope that exceeds it is rejected with
   * `event_too_large`. In `ingestStream`, the limit applies to each envelope.
   * @defaultValue 10_000
   */
  readonly unwrappedEvents: number;
}

export const DEFAULT_LIMITS: EvtLimits = {
  ...DEFAULT_QUEUE,
  aggregationRows: 10_000,
  readsAtOnce: 6,
  tenantReadsAtOnce: 2,
  tenantReadsWaiting: 100,
  rawChars: 4 * 2 ** 20,
  unwrappedEvents: 10_000,
};

const OPTIONS = {
  store: true,
  mapping: true,
  mappings: true,
  selectMapping: true,
  raw: true,
  timeoutMs: true,
  parkTimeoutMs: true,
  retry: true,
  breaker: true,
  limits: true,
  totals: true,
  onOutcome: true,
  runtime: true,
} satisfies Record<keyof EvtOptions, true>;

const RUNTIME = {
  now: true,
  random: true,
  setTimeout: true,
  clearTimeout: true,
  pause: true,
  receiptId: true,
} satisfies Record<keyof Runtime, true>;

const STORE_METHODS = {
  insert: true,
  park: true,
  holders: true,
  get: true,
  list: true,
  aggregate: true,
  names: true,
  ping: true,
  close: true,
} satisfies Record<Exclude<keyof Store, "keepTotals">, true>;

/** @throws TypeError that names the wrong option */
export function checkOptions(options: EvtOptions): void {
  checkKnown("createEvt", options, Object.keys(OPTIONS));
  checkStore(options.store);
  if (options.mapping !== undefined) checkMapping("mapping", options.mapping);
  for (const [name, mapping] of Object.entries(options.mappings ?? {}))
    checkMapping(`mappings.${name}`, mapping);
  combinationsOf(options);
  checkBounds(options);
  checkFunction("selectMapping", options.selectMapping);
  checkFunction("onOutcome", options.onOutcome);
  if (typeof options.raw !== "function") checkOneOf("raw", options.raw, ["keep", "drop"]);
  checkKnown("runtime", options.runtime ?? {}, Object.keys(RUNTIME));
  for (const [name, member] of Object.entries(options.runtime ?? {}))
    checkFunction(`runtime.${name}`, member);
}

function checkStore(store: Store | undefined): void {
  if (store === undefined) throw new TypeError("createEvt needs a store, such as new MemoryStore()");
  for (const method of Object.keys(STORE_METHODS) as (keyof Store)[]) {
    if (typeof store?.[method] === "function") continue;
    throw new TypeError(`createEvt needs a store; the given one has no method ${method}`);
  }
}

function checkBounds({ timeoutMs, parkTimeoutMs, retry = {}, breaker, limits = {} }: EvtOptions): void {
  checkWhole("timeoutMs", timeoutMs, 1);
  checkWhole("parkTimeoutMs", parkTimeoutMs, 1);
  checkNumbers("retry", retry, DEFAULT_RETRY);
  checkBreaker(breaker);
  checkNumbers("limits", limits, DEFAULT_LIMITS);
}

/** @throws TypeError that names the wrong member */
export function checkBreaker(breaker: EvtOptions["breaker"]): void {
  if (breaker !== undefined && breaker !== false) checkNumbers("breaker", breaker, DEFAULT_BREAKER);
}

function checkNumbers(what: string, given: object, defaults: object): void {
  checkKnown(what, given, Object.keys(defaults));
  for (const [name, value] of Object.entries(given)) checkWhole(`${what}.${name}`, value, 1);
}
