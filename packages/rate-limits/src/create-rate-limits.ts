import { createHash } from "node:crypto";
import { backgroundErrors, checkFunction, checkKnown, checkOneOf, checkWhole } from "@evt/core/adapter";
import {
  type AdmittedRequest,
  Problem,
  type RateLimitedRequest,
  type RateLimits,
  type ServedRequest,
} from "@evt/http";
import type { Budget, Taken } from "./budget.js";
import { Budgets, type CountedPolicy } from "./budgets.js";
import { InsuredCounter } from "./insured-counter.js";
import { memoryCounters } from "./memory-counters.js";
import type { CounterStore, RatePolicy } from "./rate-counter.js";
import { rateLimitHeaders } from "./rate-limit-headers.js";

/** Quotas for a minute and for a day: whole numbers from 1 to 1,000,000,000. */
export interface Quotas {
  /** Maximum number in a minute. @defaultValue no limit */
  readonly minute?: number | undefined;
  /** Maximum number in a day. @defaultValue no limit */
  readonly day?: number | undefined;
}

/** Options of `createRateLimits`. */
export interface RateLimitsOptions {
  /** Quotas of requests. @defaultValue no limit */
  readonly requests?: Quotas | undefined;
  /**
   * Quotas of processed events. A request that begins while budget is left may exceed the quota by its own events. A stream of
   * NDJSON ends before its next chunk when no budget is left.
   * @defaultValue no limit
   */
  readonly events?: Quotas | undefined;
  /** Where requests and events are counted. @defaultValue `memoryCounters()`: each process has its own counts */
  readonly store?: CounterStore | undefined;
  /**
   * What happens to requests while the store fails. `memory`: each process counts them in its own memory. `refuse`: requests that
   * need the store get a 503.
   * @defaultValue "memory"
   */
  readonly whenStoreFails?: "memory" | "refuse" | undefined;
  /** Maximum time for a call of a shared store, in milliseconds. A slower call counts as failed. @defaultValue 500 */
  readonly storeMs?: number | undefined;
  /** Maximum number of tenants, and of addresses, whose budgets are in memory. @defaultValue 10,000 */
  readonly keys?: number | undefined;
  /**
   * Called with each error of a shared store.
   * @defaultValue a process warning for the first error
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const OPTIONS = Object.keys({
  requests: true,
  events: true,
  store: true,
  whenStoreFails: true,
  storeMs: true,
  keys: true,
  onError: true,
} satisfies Record<keyof RateLimitsOptions, true>);

/** Less than 2³¹, so that the column `points` of `postgresCounters` can contain more than a quota. */
const MOST = 1_000_000_000;
const LENGTHS = { minute: 60, day: 86_400 } as const;

/**
 * Creates rate limits for the option `rateLimits` of a router.
 *
 * @example
 * ```ts
 * const rateLimits = createRateLimits({ requests: { minute: 600 }, events: { day: 1_000_000 } });
 * app.use("/api", createEventRouter({ evt, authenticate, rateLimits }));
 * ```
 * @throws TypeError if an option is invalid
 */
export function createRateLimits(options: RateLimitsOptions): RateLimits {
  checkKnown("createRateLimits", options, OPTIONS);
  const { store = memoryCounters(), storeMs = 500, keys = 10_000, whenStoreFails = "memory" } = options;
  checkOneOf("whenStoreFails", whenStoreFails, ["memory", "refuse"]);
  checkWhole("storeMs", storeMs, 1);
  checkWhole("keys", keys, 1);
  checkFunction("onError", options.onError);
  const onError = backgroundErrors(options.onError, STORE_FAILED);
  const policies = [...policiesOf("requests", options.requests), ...policiesOf("events", options.events)];
  if (policies.length === 0) throw new TypeError("createRateLimits needs a quota, such as requests.minute");
  const insure = whenStoreFails === "memory";
  const counted = policies.map((policy) => countedPolicy(policy, store, { insure, storeMs, onError }));
  // separate, so that many addresses cannot remove the budgets of tenants
  const tenants = new Budgets(counted, keys, monotonic);
  const addresses = new Budgets(counted, keys, monotonic);
  return {
    admit: (request) => {
      const budgets = request.tenantId === null ? addresses : tenants;
      return admit(budgets.of(storableKey(request.key)), request);
    },
  };
}

/**
 * Returns a key that every store accepts. `clientAddress` may return any string, and a key that the store refuses would count as a
 * failure of the store.
 */
function storableKey(key: string): string {
  if (/^[\x20-\x7e]{1,200}$/.test(key)) return key;
  return `sha256 ${createHash("sha256").update(key).digest("hex")}`;
}

const monotonic = () => performance.now();

function policiesOf(unit: RatePolicy["unit"], quotas: Quotas = {}): readonly RatePolicy[] {
  checkKnown(unit, quotas, Object.keys(LENGTHS));
  return (["minute", "day"] as const).flatMap((length) => {
    const quota = quotas[length];
    checkWhole(`${unit}.${length}`, quota, 1, MOST);
    return quota === undefined ? [] : [{ name: `${unit}-${length}`, unit, quota, seconds: LENGTHS[length] }];
  });
}

interface Insurance {
  readonly insure: boolean;
  readonly storeMs: number;
  readonly onError: (error: unknown) => void;
}

function countedPolicy(policy: RatePolicy, store: CounterStore, insurance: Insurance): CountedPolicy {
  const counter = store.create(policy);
  if (!store.isShared) return { policy, counter };
  const { insure, storeMs, onError } = insurance;
  const inMemory = insure ? memoryCounters().create(policy) : null;
  return {
    policy,
    counter: new InsuredCounter(counter, { insurance: inMemory, storeMs, onError, monotonic }),
  };
}

async function admit(
  budgets: readonly Budget[],
  { sendsEvents }: RateLimitedRequest,
): Promise<AdmittedRequest> {
  const requests = budgets.filter(({ policy }) => policy.unit === "requests");
  const events = budgets.filter(({ policy }) => policy.unit === "events");
  const needed = sendsEvents ? budgets : requests;
  // a refusal without a call of the store is cheap
  const usedUp = needed.filter((budget) => budget.isUsedUp);
  if (usedUp.length > 0) throw tooMany(usedUp, budgets);
  const looked = sendsEvents ? events.map((budget) => budget.look()) : [];
  const taken = await settled([...requests.map((budget) => budget.take()), ...looked]);
  const giveBack = () => {
    for (const [i, budget] of requests.entries()) budget.giveBack(taken[i] as Taken);
  };
  const violated = [...requests, ...events].filter((_, i) => taken[i]?.granted === false);
  if (violated.length > 0) {
    giveBack();
    throw tooMany(violated, budgets);
  }
  return {
    headers: () => rateLimitHeaders(budgets),
    addProcessed: (processed) => {
      for (const budget of events) budget.spend(processed);
    },
    hasLeft: () => events.every((budget) => !budget.isUsedUp),
    finish: ({ unavailable }: ServedRequest) => {
      if (unavailable) giveBack();
    },
  };
}

/** @throws Problem 503 if a counter rejects */
async function settled(taking: readonly Promise<Taken>[]): Promise<readonly Taken[]> {
  try {
    return await Promise.all(taking);
  } catch {
    throw new Problem(503, "EVT_STORE_UNAVAILABLE", UNAVAILABLE, { headers: { "Retry-After": "1" } });
  }
}

const STORE_FAILED = { code: "EVT_RATE_LIMITS_STORE_FAILED", failure: "the store of rate limits failed" };
const UNAVAILABLE = "the store of rate limits failed; nothing was stored: send the request again later";

function tooMany(violated: readonly Budget[], budgets: readonly Budget[]): Problem {
  const seconds = Math.max(1, ...violated.map((budget) => budget.seconds));
  const quotas = violated.map(({ policy }) => `${policy.quota} ${policy.unit} in ${policy.seconds} seconds`);
  const detail = `this caller has used up its budget of ${quotas.join(" and ")}; nothing was stored: send the request again in ${seconds} seconds`;
  const headers = { ...rateLimitHeaders(budgets), "Retry-After": String(seconds) };
  return new Problem(429, "EVT_RATE_LIMITED", detail, { headers });
}
