import { type EventRecord, EvtError, type ReplayStore, type Store } from "@evt/core/store";
import type { StoreHarness, StoreUnderTest } from "@evt/store-conformance";
import { MemoryStore } from "@evt/store-memory";

/** Returns a store with some methods replaced. */
export function altered(store: Store, methods: Partial<Store>): Store {
  return {
    insert: (records, call) => store.insert(records, call),
    park: (events, call) => store.park(events, call),
    holders: (records, call) => store.holders(records, call),
    get: (tenantId, ids, call) => store.get(tenantId, ids, call),
    list: (query, call) => store.list(query, call),
    aggregate: (query, call) => store.aggregate(query, call),
    names: (query, call) => store.names(query, call),
    ping: (call) => store.ping(call),
    close: () => store.close(),
    ...methods,
  };
}

/** Refuses calls with a record of one metric. */
function refusing(store: Store): Store {
  return altered(store, {
    insert: async (records, call) => {
      if (records.some(({ metric }) => metric === "poison"))
        throw new EvtError("EVT_RECORD_REFUSED", "poison");
      return store.insert(records, call);
    },
  });
}

/** Returns a store that can prune the events of a tenant. */
function prunable(store: Store): { readonly store: Store; prune(tenantId: string): void } {
  const pruned = new Set<string>();
  const isKept = (entry: { tenantId: string } | null) => entry === null || !pruned.has(entry.tenantId);
  const kept = altered(store, {
    insert: async (records, call) => {
      const outcomes = await store.insert(records, call);
      return outcomes.map((outcome) =>
        outcome.outcome === "taken" && !isKept(outcome.event) ? { ...outcome, event: null } : outcome,
      );
    },
    holders: async (records, call) =>
      (await store.holders(records, call)).map((holder) =>
        holder === null || isKept(holder.event) ? holder : { ...holder, event: null },
      ),
    get: async (tenantId, ids, call) =>
      (await store.get(tenantId, ids, call)).map((entry) =>
        entry?.status === "processed" && !isKept(entry) ? null : entry,
      ),
    list: async (query, call) => {
      const page = await store.list(query, call);
      return {
        ...page,
        entries: page.entries.filter((entry) => entry.status !== "processed" || isKept(entry)),
      };
    },
  });
  return { store: kept, prune: (tenantId) => pruned.add(tenantId) };
}

/** Returns a store with a memory store's replay methods, some of them replaced. */
function replaying(store: Store, memory: MemoryStore, breakReplay: BreakReplay): ReplayStore {
  const methods = {
    reasons: memory.reasons.bind(memory),
    replay: memory.replay.bind(memory),
    note: memory.note.bind(memory),
    history: memory.history.bind(memory),
  };
  return { ...altered(store, {}), ...methods, ...breakReplay(methods) };
}

export type ReplayMethods = Pick<ReplayStore, "reasons" | "replay" | "note" | "history">;
export type BreakReplay = (methods: ReplayMethods) => Partial<ReplayMethods>;

/** Returns a memory store's harness with every ability, so that every test applies; or a broken store's harness. */
export function ableHarness(
  breakStore: (store: Store) => Store = (store) => store,
  breakReplay: BreakReplay = () => ({}),
): StoreHarness {
  return {
    create: async (): Promise<StoreUnderTest> => {
      const memory = new MemoryStore();
      const { store, prune } = prunable(memory);
      const tested = breakStore(refusing(store));
      return {
        store: tested,
        replay: replaying(tested, memory, breakReplay),
        dispose: () => tested.close(),
        reopen: async () => tested,
        prune: async (tenantId) => prune(tenantId),
        poison: (record: EventRecord) => ({ ...record, metric: "poison" }),
      };
    },
  };
}
