import type { AggregateQuery, Store } from "@evt/core/store";
import { MemoryStore } from "@evt/store-memory";
import { altered } from "../able-store.js";
import type { BrokenStore } from "./broken-store.js";

const hasDimensions = ({ byDimensions = [], dimensions }: AggregateQuery) =>
  byDimensions.length > 0 || dimensions !== undefined;

/** Returns a store that reads totals by dimensions from a copy of the events that were inserted while totals are kept. */
function copying(store: Store): Store {
  let copy: MemoryStore | undefined;
  return altered(store, {
    keepTotals: (combinations) => {
      if (combinations.length > 0) copy ??= new MemoryStore();
    },
    insert: async (records, call) => {
      await copy?.insert(records, call);
      return store.insert(records, call);
    },
    aggregate: (query, call) => (hasDimensions(query) && copy ? copy : store).aggregate(query, call),
  });
}

/** Stores that break S24. */
export const brokenKeptTotals: readonly BrokenStore[] = [
  {
    how: "omits events that were counted before their totals were kept",
    fails: ["S24"],
    broken: copying,
  },
  {
    how: "answers queries from a kept combination that does not have their filter",
    fails: ["S24"],
    broken: (store) => {
      let names: readonly string[] | undefined;
      return altered(store, {
        keepTotals: ([first]) => {
          names = first?.byDimensions;
        },
        aggregate: (query, call) => {
          const kept = Object.entries(query.dimensions ?? {}).filter(
            ([name]) => names?.includes(name) ?? true,
          );
          return store.aggregate({ ...query, dimensions: Object.fromEntries(kept) }, call);
        },
      });
    },
  },
  {
    how: "keeps one combination for all tenants",
    fails: ["S24"],
    broken: (store) => {
      let isKept = false;
      return altered(store, {
        keepTotals: (combinations) => {
          isKept = combinations.length > 0;
        },
        insert: async (records, call) => {
          const outcomes = await store.insert(records, call);
          if (isKept)
            await store.insert(
              records.map((each) => ({ ...each, tenantId: "all" })),
              call,
            );
          return outcomes;
        },
        aggregate: (query, call) =>
          store.aggregate(isKept && hasDimensions(query) ? { ...query, tenantId: "all" } : query, call),
      });
    },
  },
  {
    how: "reports the data of each part of its totals",
    fails: ["S24"],
    broken: (store) =>
      altered(store, {
        aggregate: (query, call) => {
          call.onTotalsFrom?.("rollups");
          return store.aggregate(query, call);
        },
      }),
  },
];
