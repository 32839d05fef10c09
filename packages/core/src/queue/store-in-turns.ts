import type { Turns } from "../runtime/turns.js";
import type { ReplayStore, Store } from "../store.js";
import { isReplayStore } from "../store-rules.js";

/**
 * Returns a store whose reads, except `ping`, wait for their tenant's turn. So the reads of one tenant cannot use up the
 * connections that inserts need. `park`, `replay` and `note` do not wait here: their callers take a turn before they
 * check the breaker.
 */
export function storeInTurns(store: Store, turns: Turns): Store {
  const inTurns: Store = {
    insert: (records, call) => store.insert(records, call),
    park: (events, call) => store.park(events, call),
    holders: (records, call) =>
      turns.take(tenantOfAll(records), call.signal, () => store.holders(records, call)),
    get: (tenantId, ids, call) => turns.take(tenantId, call.signal, () => store.get(tenantId, ids, call)),
    list: (query, call) => turns.take(query.tenantId, call.signal, () => store.list(query, call)),
    aggregate: (query, call) => turns.take(query.tenantId, call.signal, () => store.aggregate(query, call)),
    names: (query, call) => turns.take(query.tenantId, call.signal, () => store.names(query, call)),
    ping: (call) => store.ping(call),
    close: () => store.close(),
  };
  return isReplayStore(store) ? { ...inTurns, ...replaysInTurns(store, turns) } : inTurns;
}

function replaysInTurns(store: ReplayStore, turns: Turns): Omit<ReplayStore, keyof Store> {
  return {
    reasons: (query, call) => turns.take(query.tenantId, call.signal, () => store.reasons(query, call)),
    replay: (replays, call) => store.replay(replays, call),
    note: (tenantId, attempts, call) => store.note(tenantId, attempts, call),
    history: (tenantId, id, call) =>
      turns.take(tenantId, call.signal, () => store.history(tenantId, id, call)),
  };
}

/** Returns the tenant of all records. `null` if there are several tenants, or no records. */
export function tenantOfAll(records: readonly { readonly tenantId: string }[]): string | null {
  const tenantId = records[0]?.tenantId ?? null;
  return records.every((record) => record.tenantId === tenantId) ? tenantId : null;
}
