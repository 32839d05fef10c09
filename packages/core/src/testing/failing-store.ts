import { EvtError } from "../evt-error.js";
import type { EventRecord, InsertOutcome, ReplayStore, Store, StoreCall } from "../store.js";
import { isReplayStore } from "../store-rules.js";

/**
 * How inserts fail. `before`: nothing is stored. `after`: the records are stored, but the response is lost. `slow`: the
 * insert begins after a delay.
 */
export type FailureMode = "before" | "after" | "slow";

/** Options of `failing`. */
export interface FailingOptions {
  /** With `slow`: the delay, in milliseconds. @defaultValue 2_000 */
  readonly delayMs?: number | undefined;
}

/**
 * Returns a store whose inserts fail as `mode` says. All other methods work. Use it in drills, to test production code
 * against failures.
 *
 * @example
 * const drill = evt.withStore((store) => failing(store, "after"), { attempts: 1 });
 */
export function failing(store: Store, mode: FailureMode, { delayMs = 2_000 }: FailingOptions = {}): Store {
  return {
    insert: (records, call) => insertFailing(store, mode, delayMs, records, call),
    park: (events, call) => store.park(events, call),
    holders: (records, call) => store.holders(records, call),
    get: (tenantId, ids, call) => store.get(tenantId, ids, call),
    list: (query, call) => store.list(query, call),
    aggregate: (query, call) => store.aggregate(query, call),
    ...(store.keepTotals && { keepTotals: store.keepTotals.bind(store) }),
    names: (query, call) => store.names(query, call),
    ping: (call) => store.ping(call),
    close: () => store.close(),
    ...(isReplayStore(store) && replaying(store)),
  };
}

function replaying(store: ReplayStore): Omit<ReplayStore, keyof Store> {
  return {
    reasons: (query, call) => store.reasons(query, call),
    replay: (replays, call) => store.replay(replays, call),
    note: (tenantId, attempts, call) => store.note(tenantId, attempts, call),
    history: (tenantId, id, call) => store.history(tenantId, id, call),
  };
}

async function insertFailing(
  store: Store,
  mode: FailureMode,
  delayMs: number,
  records: readonly EventRecord[],
  call: StoreCall,
): Promise<readonly InsertOutcome[]> {
  if (mode === "before") throw unavailable("simulated failure before the write: nothing was stored");
  if (mode === "slow") await delay(delayMs, call.signal);
  const outcomes = await store.insert(records, call);
  if (mode === "after")
    throw unavailable("simulated failure after the write: the events were stored, and the response was lost");
  return outcomes;
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    const onAbort = () => {
      clearTimeout(timer);
      reject(unavailable("the call ended during a simulated delay: nothing was stored"));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function unavailable(message: string): EvtError {
  return new EvtError("EVT_STORE_UNAVAILABLE", message);
}
