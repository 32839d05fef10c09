import type { CallOptions, PreparedEvent, TenantOptions } from "./calls.js";
import type { Evt, EvtOverrides } from "./evt.js";
import { EvtError, isEvtError } from "./evt-error.js";
import {
  checkBreaker,
  checkOptions,
  DEFAULT_LIMITS,
  type EvtOptions,
  type NamedMappings,
} from "./evt-options.js";
import type { EvtTenant } from "./evt-tenant.js";
import { Identifier } from "./identity/identifier.js";
import { sha256Hex } from "./identity/sha256.js";
import { BatchTwins } from "./ingest/batch-twins.js";
import { ingestPrepared } from "./ingest/ingest-prepared.js";
import { rawHash } from "./ingest/raw-hash.js";
import type { Mapping } from "./normalize/mapping.js";
import { MappingChoice } from "./normalize/mapping-choice.js";
import { checkKnown, checkWhole, withDefaults } from "./option-checks.js";
import type { IngestReport } from "./outcome.js";
import { combinationsOf } from "./query/combinations.js";
import { Breaker, type BreakerOptions, DEFAULT_BREAKER, NO_BREAKER } from "./queue/breaker.js";
import { GroupCommit } from "./queue/group-commit.js";
import { readWith } from "./queue/read.js";
import { DEFAULT_RETRY } from "./queue/retry.js";
import { storeInTurns } from "./queue/store-in-turns.js";
import { UnderWay } from "./queue/under-way.js";
import { quoted } from "./quoted.js";
import { aborted, before, Deadline } from "./runtime/deadline.js";
import { type Runtime, systemRuntime } from "./runtime/runtime.js";
import { Turns } from "./runtime/turns.js";
import type { Store } from "./store.js";
import { Tenant, type TenantContext } from "./tenant.js";

export const DEFAULT_TIMEOUT_MS = 10_000;
export const DEFAULT_PARK_TIMEOUT_MS = 2_000;
const PING_MS = 1_000;
const OVERRIDES = { timeoutMs: true, attempts: true, breaker: true } satisfies Record<
  keyof EvtOverrides,
  true
>;

/**
 * Creates an {@link Evt}, which counts each event exactly once.
 *
 * @throws TypeError if an option is unknown or not valid
 *
 * @example
 * import { createEvt } from "@evt/core";
 * import { PostgresStore } from "@evt/store-postgres";
 *
 * const evt = createEvt({ store: new PostgresStore({ pool }) });
 * const outcome = await evt.tenant("acme").ingest({ client: "shop", type: "order", amount: "19.90", eventId: "order-17" });
 * console.log(outcome.outcome); // processed; sent again: duplicate
 */
export function createEvt<Mappings extends NamedMappings = Record<never, Mapping>>(
  options: EvtOptions<Mappings>,
): Evt<keyof Mappings & string> {
  return evtWith(options, new Identifier(sha256Hex, rawHash));
}

/** Creates an {@link Evt} with the given identity rules. For tests of new rules. */
export function evtWith<Mappings extends NamedMappings = Record<never, Mapping>>(
  options: EvtOptions<Mappings>,
  identifier: Identifier,
): Evt<keyof Mappings & string> {
  checkOptions(options);
  const combinations = combinationsOf(options);
  if (combinations.length > 0) options.store.keepTotals?.(combinations);
  const choice = new MappingChoice(options);
  const runtime = withDefaults(systemRuntime(), options.runtime);
  const shared = { choice, runtime, turns: turnsOf(options), identifier, batchTwins: new BatchTwins() };
  return new StoreBoundEvt(options, shared);
}

/** The parts that an evt shares with the evts that its `withStore` returns. */
interface Shared {
  readonly choice: MappingChoice;
  readonly runtime: Runtime;
  /** Shared, because the wrapped stores normally use the same connections. */
  readonly turns: Turns;
  readonly identifier: Identifier;
  readonly batchTwins: BatchTwins;
}

class StoreBoundEvt implements Evt {
  readonly #options: EvtOptions;
  readonly #shared: Shared;
  readonly #context: TenantContext;
  /** The evts that `withStore` returned. `close` waits for their accepted events, too. */
  readonly #derived = new Set<StoreBoundEvt>();
  /** The evt whose `withStore` returned this one. The original evt has none, and closes the store. */
  readonly #parent: StoreBoundEvt | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: EvtOptions, shared: Shared, parent?: StoreBoundEvt) {
    this.#options = options;
    this.#shared = shared;
    this.#parent = parent;
    this.#context = this.#newContext();
  }

  get mappings(): readonly string[] {
    return this.#shared.choice.names();
  }

  tenant(tenantId: string, options: TenantOptions = {}): EvtTenant {
    return new Tenant(tenantId, options, this.#context);
  }

  withStore(wrap: (store: Store) => Store, overrides: EvtOverrides = {}): Evt {
    checkKnown("withStore", overrides, Object.keys(OVERRIDES));
    checkWhole("timeoutMs", overrides.timeoutMs, 1);
    checkWhole("attempts", overrides.attempts, 1);
    checkBreaker(overrides.breaker);
    const { timeoutMs = this.#options.timeoutMs, attempts, breaker = this.#options.breaker } = overrides;
    const options: EvtOptions = {
      ...this.#options,
      store: wrap(this.#options.store),
      retry: { ...this.#options.retry, ...(attempts !== undefined && { attempts }) },
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(breaker !== undefined && { breaker }),
    };
    const derived = new StoreBoundEvt(options, this.#shared, this);
    this.#derived.add(derived);
    return derived;
  }

  async ingestPrepared(events: readonly PreparedEvent[], options: CallOptions = {}): Promise<IngestReport> {
    if (!Array.isArray(events))
      throw new TypeError(`ingestPrepared takes an array of prepared events, not ${quoted(events)}`);
    checkKnown("ingestPrepared", options, ["signal"]);
    this.#context.checkOpen();
    if (options.signal?.aborted) throw aborted(options.signal.reason);
    return ingestPrepared(events, options.signal, this.#context);
  }

  refusal(tenantId?: string): EvtError | null {
    return this.#isClosed ? closedError() : this.#context.queue.refusal(tenantId);
  }

  async ping(options: CallOptions = {}): Promise<void> {
    const { checkOpen, breaker } = this.#context;
    checkOpen();
    await readWith(this.#context, options.signal, (call) => this.#options.store.ping(call));
    breaker.close();
  }

  close(): Promise<void> {
    this.#closing ??= this.#drain().then(() => this.#end());
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #isClosed(): boolean {
    if (this.#closing !== undefined) return true;
    return this.#parent === undefined ? false : this.#parent.#isClosed;
  }

  async #end(): Promise<void> {
    if (this.#parent === undefined) await this.#options.store.close();
    else this.#parent.#derived.delete(this);
  }

  async #drain(): Promise<void> {
    const { queue, underWay } = this.#context;
    const own = queue.close().then(() => underWay.ended());
    await Promise.all([own, ...[...this.#derived].map((each) => each.#drain())]);
  }

  /** Pings the store with a time limit of one second. The breaker does this after a call that missed its deadline. */
  async #pingStore(): Promise<void> {
    const deadline = new Deadline(this.#shared.runtime, PING_MS);
    const { signal } = deadline;
    try {
      await before(signal, () => this.#options.store.ping({ signal }));
    } catch (cause) {
      if (!isEvtError(cause, "EVT_DEADLINE")) throw cause;
      throw new EvtError(
        "EVT_STORE_UNAVAILABLE",
        `the store did not respond to a ping within ${PING_MS} ms`,
        {
          cause,
        },
      );
    } finally {
      deadline.dispose();
    }
  }

  #newContext(): TenantContext {
    const { store, raw = "keep", onOutcome } = this.#options;
    const { timeoutMs = DEFAULT_TIMEOUT_MS, parkTimeoutMs = DEFAULT_PARK_TIMEOUT_MS } = this.#options;
    const limits = withDefaults(DEFAULT_LIMITS, this.#options.limits);
    const retry = withDefaults(DEFAULT_RETRY, this.#options.retry);
    const { runtime, choice, turns, identifier, batchTwins } = this.#shared;
    const underWay = new UnderWay();
    const breaker = new Breaker(breakerOptions(this.#options), runtime, () =>
      underWay.during(this.#pingStore()),
    );
    const queue = new GroupCommit({ store, limits, retry, runtime, breaker, timeoutMs });
    const checkOpen = () => {
      if (this.#isClosed) throw closedError();
    };
    const { aggregationRows: maxRows, rawChars, unwrappedEvents } = limits;
    return {
      store: storeInTurns(store, turns),
      turns,
      raw,
      onOutcome,
      timeoutMs,
      parkTimeoutMs,
      retry,
      runtime,
      breaker,
      queue,
      underWay,
      choice,
      identifier,
      batchTwins,
      limits,
      maxRows,
      rawChars,
      unwrappedEvents,
      comparedRawChars: rawChars,
      checkOpen,
    };
  }
}

function closedError(): EvtError {
  return new EvtError("EVT_CLOSED", "this evt is closed");
}

function turnsOf(options: EvtOptions): Turns {
  const { readsAtOnce, tenantReadsAtOnce, tenantReadsWaiting } = withDefaults(DEFAULT_LIMITS, options.limits);
  return new Turns({
    atOnce: readsAtOnce,
    ofTenantAtOnce: tenantReadsAtOnce,
    ofTenantWaiting: tenantReadsWaiting,
  });
}

function breakerOptions({ breaker = {} }: EvtOptions): BreakerOptions {
  return breaker === false ? NO_BREAKER : withDefaults(DEFAULT_BREAKER, breaker);
}
