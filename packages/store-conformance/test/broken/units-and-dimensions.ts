import { type AggregateQuery, type AggregateRow, DecimalFold, type Store } from "@evt/core/store";
import { altered } from "../able-store.js";
import { type BrokenStore, parking, sending, showing } from "./broken-store.js";

/** Returns a store that answers changed queries for totals. */
function totalling(store: Store, asked: (query: AggregateQuery) => AggregateQuery): Store {
  return altered(store, { aggregate: (query, call) => store.aggregate(asked(query), call) });
}

/** Adds up rows that have the same group after `changed`. */
function merging(store: Store, changed: (row: AggregateRow) => AggregateRow): Store {
  return altered(store, {
    aggregate: async (query, call) => {
      const groups = new Map<string, AggregateRow[]>();
      for (const row of (await store.aggregate({ ...query, limit: 1_000_000 }, call)).map(changed)) {
        const key = JSON.stringify([row.bucket, row.clientId, row.metric, row.unit, row.dimensions]);
        groups.set(key, [...(groups.get(key) ?? []), row]);
      }
      return Array.from(groups.values(), together).slice(0, query.limit);
    },
  });
}

function together(rows: readonly AggregateRow[]): AggregateRow {
  const [first] = rows as [AggregateRow];
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const fold = (of: (row: AggregateRow) => string) =>
    rows.reduce((all, row) => all.add(of(row)), new DecimalFold());
  const [sum, min, max] = [
    fold((row) => row.sum).sum,
    fold((row) => row.min).min,
    fold((row) => row.max).max,
  ];
  return { ...first, count, sum, min: min ?? "0", max: max ?? "0" };
}

/** Stores that break S21 and S22. */
export const brokenUnitsAndDimensions: readonly BrokenStore[] = [
  {
    how: "adds up amounts of different units",
    fails: ["S21", "S22", "model", "S24"],
    broken: (store) => merging(store, (row) => ({ ...row, unit: null })),
  },
  {
    how: "compares units without regard to case",
    fails: ["S21", "model"],
    broken: (store) => merging(store, (row) => ({ ...row, unit: row.unit === "eur" ? "EUR" : row.unit })),
  },
  {
    how: "ignores the filter by unit",
    fails: ["S21", "S22", "model", "S24"],
    broken: (store) =>
      totalling(store, (query) => {
        const { unit: _, ...rest } = query;
        return rest;
      }),
  },
  {
    how: "takes a filter for no unit as no filter",
    fails: ["S21", "model"],
    broken: (store) =>
      totalling(store, (query) => {
        const { unit, ...rest } = query;
        return typeof unit === "string" ? query : rest;
      }),
  },
  {
    how: "forgets the units of parked events",
    fails: ["S16", "S21", "model"],
    broken: (store) => parking(store, (event) => ({ ...event, unit: null })),
  },
  {
    how: "cuts units to 16 characters",
    fails: ["S21", "S22"],
    broken: (store) =>
      showing(store, (entry) => ({ ...entry, unit: entry.unit && [...entry.unit].slice(0, 16).join("") })),
  },
  {
    how: "forgets dimensions",
    fails: ["S20", "S22", "model", "S24"],
    broken: (store) => sending(store, (record) => ({ ...record, dimensions: null })),
  },
  {
    how: "ignores the filter by dimensions",
    fails: ["S22", "model", "S24"],
    broken: (store) =>
      totalling(store, (query) => {
        const { dimensions: _, ...rest } = query;
        return rest;
      }),
  },
  {
    how: "takes a filter for an absent dimension as no filter",
    fails: ["S22", "model", "S24"],
    broken: (store) => {
      const given = (query: AggregateQuery["dimensions"] = {}) =>
        Object.fromEntries(Object.entries(query).filter(([, value]) => value !== null));
      return altered(store, {
        aggregate: (query, call) => store.aggregate({ ...query, dimensions: given(query.dimensions) }, call),
        list: (query, call) => store.list({ ...query, dimensions: given(query.dimensions) }, call),
      });
    },
  },
  {
    how: "omits the group of an absent dimension",
    fails: ["S20", "S22", "model", "S24"],
    broken: (store) =>
      altered(store, {
        aggregate: async (query, call) =>
          (await store.aggregate(query, call)).filter(({ dimensions = [] }) => !dimensions.includes(null)),
      }),
  },
  {
    how: "forgets the dimensions of parked events",
    fails: ["S16", "S22", "model"],
    broken: (store) => parking(store, (event) => ({ ...event, dimensions: null })),
  },
];
