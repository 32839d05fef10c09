import { EvtError, type Store, type StoreCall } from "@evt/core/store";
import { altered } from "../able-store.js";
import { type BrokenStore, sending } from "./broken-store.js";

const patient = (call: StoreCall): StoreCall => ({ ...call, signal: new AbortController().signal });

/** Stores that break S12, S13, S14 or `call`. */
export const brokenTenantsAndCalls: readonly BrokenStore[] = [
  {
    how: "cannot be closed twice",
    fails: ["S12"],
    broken: (store) => {
      let closed = false;
      return altered(store, {
        close: async () => {
          if (closed) throw new Error("Called end on pool more than once");
          closed = true;
        },
      });
    },
  },
  {
    how: "closes the pool that it was given",
    fails: ["S12"],
    broken: (store) => {
      let closed = false;
      return altered(store, {
        insert: async (records, call) => {
          if (closed) throw new EvtError("EVT_STORE_UNAVAILABLE", "the pool was closed");
          return store.insert(records, call);
        },
        close: async () => {
          closed = true;
        },
      });
    },
  },
  {
    how: "ignores the tenant of identities",
    fails: ["S13", "model"],
    broken: (store) => {
      const first = new Map<string, string>();
      return sending(store, (record) => {
        const tenantId = first.get(record.identity) ?? record.tenantId;
        first.set(record.identity, tenantId);
        return { ...record, tenantId };
      });
    },
  },
  {
    how: "ignores the tenant of parked events",
    fails: ["S13", "model"],
    broken: (store) => {
      const first = new Map<string, string>();
      return altered(store, {
        park: (events, call) =>
          store.park(
            events.map((event) => {
              const tenantId = first.get(event.id) ?? event.tenantId;
              first.set(event.id, tenantId);
              return { ...event, tenantId };
            }),
            call,
          ),
      });
    },
  },
  {
    how: "folds tenants to lower case",
    fails: ["S13"],
    broken: (store) => {
      const folded = <T extends { readonly tenantId: string }>(value: T): T => ({
        ...value,
        tenantId: value.tenantId.toLowerCase(),
      });
      return altered(store, {
        insert: (records, call) => store.insert(records.map(folded), call),
        list: (query, call) => store.list(folded(query), call),
        aggregate: (query, call) => store.aggregate(folded(query), call),
        names: (query, call) => store.names(folded(query), call),
      });
    },
  },
  {
    how: "looks ids up in every tenant",
    fails: ["S14", "model"],
    broken: (store) => {
      const tenants = new Set<string>();
      const noting = sending(store, (record) => {
        tenants.add(record.tenantId);
        return record;
      });
      return altered(noting, {
        get: async (tenantId, ids, call) => {
          const results = await Promise.all([tenantId, ...tenants].map((any) => store.get(any, ids, call)));
          return ids.map(
            (_, index) => results.map((entries) => entries[index]).find((entry) => entry) ?? null,
          );
        },
      });
    },
  },
  {
    how: "ignores signals",
    fails: ["call", "S1"],
    broken: (store) => ignoringSignals(store),
  },
  {
    how: "rejects with another error when aborted",
    fails: ["call", "S1"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => {
          call.signal.throwIfAborted();
          return store.insert(records, call);
        },
      }),
  },
  {
    how: "fails on a call without records",
    fails: ["call", "model"],
    broken: (store) =>
      altered(store, {
        insert: async (records, call) => {
          if (records.length === 0) throw new Error('syntax error at or near ")"');
          return store.insert(records, call);
        },
      }),
  },
];

function ignoringSignals(store: Store): Store {
  return altered(store, {
    insert: (records, call) => store.insert(records, patient(call)),
    park: (events, call) => store.park(events, patient(call)),
    holders: (records, call) => store.holders(records, patient(call)),
    get: (tenantId, ids, call) => store.get(tenantId, ids, patient(call)),
    list: (query, call) => store.list(query, patient(call)),
    aggregate: (query, call) => store.aggregate(query, patient(call)),
    names: (query, call) => store.names(query, patient(call)),
    ping: (call) => store.ping(patient(call)),
  });
}
