import { checkMapping } from "./normalize/check-mapping.js";
import type { Mapping } from "./normalize/mapping.js";
import type { SelectMapping } from "./normalize/mapping-choice.js";
import type { RawPolicy } from "./normalize/raw-text.js";
import { checkKnown, checkOneOf, checkWhole } from "./option-checks.js";
import type { Outcome } from "./outcome.js";
import { type BreakerOptions, DEFAULT_BREAKER } from "./queue/breaker.js";
import { DEFAULT_QUEUE, type QueueLimits } from "./queue/group-commit.js";
import { DEFAULT_RETRY, type RetryOptions } from "./queue/retry.js";
import type { Runtime } from "./runtime/runtime.js";
import type { Store } from "./store.js";

export interface EvtOptions {
  /** Where events live. */
  readonly store: Store;
  /** How raw events are read. Default: the usual names of each field, in the usual containers. */
  readonly mapping?: Mapping;
  /** Further mappings by name, chosen by `selectMapping` or by the caller. */
  readonly mappings?: Readonly<Record<string, Mapping>>;
  /** Names the mapping for an event: by client, by the shape of the event. */
  readonly selectMapping?: SelectMapping;
  /** How the raw event is kept. Decided before anything is stored. @defaultValue "keep" */
  readonly raw?: RawPolicy;
  /** The time of one call, waiting and retries included, in milliseconds. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** The time for parking what was not counted, in milliseconds, after `timeoutMs`. @defaultValue 2_000 */
  readonly parkTimeoutMs?: number;
  readonly retry?: Partial<RetryOptions>;
  /** When a store that is down is no longer tried at each call; `false`: it always is. */
  readonly breaker?: Partial<BreakerOptions> | false;
  readonly limits?: Partial<EvtLimits>;
  /** Told of every outcome, once it is certain. What it throws is ignored. */
  readonly onOutcome?: (outcome: Outcome, tenantId: string) => void;
  /** Time and chance; for tests. */
  readonly runtime?: Partial<Runtime>;
}

export interface EvtLimits extends QueueLimits {
  /** Rows of an aggregation, past which it is refused with `EVT_TOO_WIDE`. @defaultValue 10_000 */
  readonly aggregationRows: number;
  /**
   * Calls of the store under way at once besides inserts: reads, replays and parking. Together with `batchesInFlight` it
   * should not be much more than the connections the store has. @defaultValue 6
   */
  readonly readsAtOnce: number;
  /** How many of them one tenant has. Raise it where one tenant is all there is, and with the store's connections. @defaultValue 2 */
  readonly tenantReadsAtOnce: number;
  /** Reads of one tenant that wait for their turn, past which they are refused with `EVT_OVERLOADED`. @defaultValue 100 */
  readonly tenantReadsWaiting: number;
  /**
   * Raw text that one call reads from the store and returns, in characters. A page of a list ends there; elsewhere raw
   * events past it are left out (`rawOmitted`). One raw event is returned however long it is. @defaultValue 4_194_304
   */
  readonly rawChars: number;
}

export const DEFAULT_LIMITS: EvtLimits = {
  ...DEFAULT_QUEUE,
  aggregationRows: 10_000,
  readsAtOnce: 6,
  tenantReadsAtOnce: 2,
  tenantReadsWaiting: 100,
  rawChars: 4 * 2 ** 20,
};

const OPTIONS: readonly (keyof EvtOptions)[] = [
  "store",
  "mapping",
  "mappings",
  "selectMapping",
  "raw",
  "timeoutMs",
  "parkTimeoutMs",
  "retry",
  "breaker",
  "limits",
  "onOutcome",
  "runtime",
];
const RUNTIME: readonly (keyof Runtime)[] = [
  "now",
  "random",
  "setTimeout",
  "clearTimeout",
  "pause",
  "receiptId",
];
const STORE_METHODS: readonly (keyof Store)[] = [
  "insert",
  "park",
  "holders",
  "get",
  "list",
  "aggregate",
  "ping",
  "close",
];

/** @throws TypeError that names the option that is wrong. */
export function checkOptions(options: EvtOptions): void {
  checkKnown("createEvt", options, OPTIONS);
  if (options.store === undefined) throw new TypeError("createEvt needs a store, such as new MemoryStore()");
  for (const method of STORE_METHODS) {
    if (typeof options.store?.[method] === "function") continue;
    throw new TypeError(`createEvt needs a store; the one given has no method ${method}`);
  }
  if (options.mapping !== undefined) checkMapping("mapping", options.mapping);
  for (const [name, mapping] of Object.entries(options.mappings ?? {}))
    checkMapping(`mappings.${name}`, mapping);
  checkBounds(options);
  checkFunction("selectMapping", options.selectMapping);
  checkFunction("onOutcome", options.onOutcome);
  if (typeof options.raw !== "function") checkOneOf("raw", options.raw, ["keep", "drop"]);
  checkKnown("runtime", options.runtime ?? {}, RUNTIME);
  for (const [name, member] of Object.entries(options.runtime ?? {}))
    checkFunction(`runtime.${name}`, member);
}

function checkBounds({ timeoutMs, parkTimeoutMs, retry = {}, breaker, limits = {} }: EvtOptions): void {
  checkWhole("timeoutMs", timeoutMs, 1);
  checkWhole("parkTimeoutMs", parkTimeoutMs, 1);
  checkKnown("retry", retry, Object.keys(DEFAULT_RETRY));
  for (const [name, value] of Object.entries(retry)) checkWhole(`retry.${name}`, value, 1);
  checkBreaker(breaker);
  checkKnown("limits", limits, Object.keys(DEFAULT_LIMITS));
  for (const [name, value] of Object.entries(limits)) checkWhole(`limits.${name}`, value, 1);
}

/** @throws TypeError that names the member that is wrong. */
export function checkBreaker(breaker: EvtOptions["breaker"]): void {
  if (breaker === undefined || breaker === false) return;
  checkKnown("breaker", breaker, Object.keys(DEFAULT_BREAKER));
  for (const [name, value] of Object.entries(breaker)) checkWhole(`breaker.${name}`, value, 1);
}

function checkFunction(what: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new TypeError(`${what} must be a function`);
}
