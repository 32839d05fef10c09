import {
  type AggregateOrder,
  type AggregateQuery,
  type AggregateRow,
  pageOfTotals,
  type Store,
} from "@evt/core/store";
import { altered } from "../able-store.js";
import type { BrokenStore } from "./broken-store.js";

type OrderedQuery = AggregateQuery & { readonly order: AggregateOrder };

/** Returns a store that computes pages of ordered totals from all rows. */
function ordering(
  store: Store,
  page: (rows: readonly AggregateRow[], query: OrderedQuery) => readonly AggregateRow[],
): Store {
  return altered(store, {
    aggregate: async (query, call) => {
      const { order, after: _, ...rest } = query;
      if (order === undefined) return store.aggregate(query, call);
      const rows = await store.aggregate({ ...rest, limit: 1_000_000 }, call);
      return page(rows, { ...query, order });
    },
  });
}

/** Returns a store that sorts rows differently, and finds the position in them. */
function sorting(
  store: Store,
  compare: (left: AggregateRow, right: AggregateRow, order: AggregateOrder) => number,
): Store {
  return ordering(store, (rows, { order, after, limit, byDimensions = [] }) => {
    const sorted = [...pageOfTotals(rows, { order, limit: rows.length, byDimensions })];
    sorted.sort((left, right) => compare(left, right, order));
    const keys = (row: Pick<AggregateRow, "bucket" | "clientId" | "metric" | "unit" | "dimensions">) =>
      JSON.stringify([row.bucket, row.clientId, row.metric, row.unit, row.dimensions]);
    const start = after === undefined ? 0 : sorted.findIndex((row) => keys(row) === keys(after)) + 1;
    return sorted.slice(start, start + limit);
  });
}

function signOf({ direction }: AggregateOrder): number {
  return direction === "asc" ? 1 : -1;
}

function isKey(by: AggregateOrder["by"]): by is "bucket" | "clientId" | "metric" {
  return by === "bucket" || by === "clientId" || by === "metric";
}

function isMeasure(by: AggregateOrder["by"]): by is "count" | "sum" | "min" | "max" {
  return by === "count" || by === "sum" || by === "min" || by === "max";
}

/** Stores that break S20. */
export const brokenOrderedTotals: readonly BrokenStore[] = [
  {
    how: "ignores the order of totals",
    fails: ["S20", "model"],
    broken: (store) => ordering(store, (rows, { limit }) => rows.slice(0, limit)),
  },
  {
    how: "limits totals before it sorts them",
    fails: ["S20", "model"],
    broken: (store) => ordering(store, (rows, query) => pageOfTotals(rows.slice(0, query.limit), query)),
  },
  {
    how: "sorts totals by floating-point numbers",
    fails: ["S20"],
    broken: (store) =>
      sorting(store, (left, right, order) =>
        isMeasure(order.by) ? signOf(order) * (Number(left[order.by]) - Number(right[order.by])) : 0,
      ),
  },
  {
    how: "sorts totals as strings",
    fails: ["S20", "model"],
    broken: (store) =>
      sorting(store, (left, right, order) => {
        if (!isMeasure(order.by)) return 0;
        const [a, b] = [String(left[order.by]), String(right[order.by])];
        return signOf(order) * (a < b ? -1 : Number(a > b));
      }),
  },
  {
    how: "sorts clients by UTF-16 code units",
    fails: ["S20"],
    broken: (store) =>
      sorting(store, ({ clientId: a }, { clientId: b }, order) => {
        if (order.by !== "clientId" || a === null || b === null) return 0;
        return signOf(order) * (a < b ? -1 : Number(a > b));
      }),
  },
  {
    how: "sorts metrics by the rules of a language",
    fails: ["S20"],
    broken: (store) =>
      sorting(store, ({ metric: a }, { metric: b }, order) => {
        if (order.by !== "metric" || a === null || b === null) return 0;
        return signOf(order) * a.localeCompare(b, "en");
      }),
  },
  {
    how: "ignores an order by a dimension",
    fails: ["S20"],
    broken: (store) =>
      ordering(store, (rows, { order, ...query }) => {
        const by = order.by.startsWith("dimension.") ? "bucket" : order.by;
        return pageOfTotals(rows, { ...query, order: { ...order, by } });
      }),
  },
  {
    how: "sorts groups with equal totals in the direction of the order",
    fails: ["S20", "model"],
    broken: (store) =>
      ordering(store, (rows, { order, after: _, ...query }) => {
        const up = pageOfTotals(rows, {
          ...query,
          order: { ...order, direction: "asc" },
          limit: rows.length,
        });
        return order.direction === "asc" ? up.slice(0, query.limit) : up.reverse().slice(0, query.limit);
      }),
  },
  {
    how: "ignores the position in ordered totals",
    fails: ["S20", "model"],
    broken: (store) => ordering(store, (rows, { after: _, ...query }) => pageOfTotals(rows, query)),
  },
  {
    how: "continues after the value of a position and ignores its keys",
    fails: ["S20"],
    broken: (store) =>
      ordering(store, (rows, { after, ...query }) => {
        const { by } = query.order;
        const isSame = (row: AggregateRow) =>
          isKey(by) ? row[by] === after?.[by] : isMeasure(by) && String(row[by]) === after?.value;
        const rest = after === undefined ? rows : rows.filter((row) => !isSame(row));
        return pageOfTotals(rest, after === undefined ? query : { ...query, after });
      }),
  },
  {
    how: "continues after the group of a position and ignores its value",
    fails: ["S20"],
    broken: (store) => sorting(store, () => 0),
  },
];
