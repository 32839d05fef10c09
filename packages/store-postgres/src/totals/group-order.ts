import type { AggregateOrder, AggregatePosition, AggregateQuery } from "@evt/core/store";
import type { Parameters } from "../connection/parameters.js";

/** SQL for the order of totals. Each function takes the name of the table with the totals, and returns one clause. */
export interface GroupOrder {
  /** The `where` clause for the groups after a position. Empty without a position. */
  readonly after: (totals: string) => string;
  /** The `order by` clause. Empty without an order. */
  readonly orderBy: (totals: string) => string;
}

/** Returns SQL for the order of a query. The order is the order of core's `pageOfTotals`. */
export function groupOrder(query: AggregateQuery, parameters: Parameters): GroupOrder {
  const { order, after } = query;
  if (order === undefined) return { after: () => "", orderBy: () => "" };
  const keys = keysOf(query);
  const follows = after === undefined ? undefined : following(order, keys, after, parameters);
  return {
    after: (totals) => (follows === undefined ? "" : `where ${follows(totals)}`),
    orderBy: (totals) => {
      const first = `${column(order.by, totals)} ${order.direction}`;
      return `order by ${[first, ...keys.map((key) => column(key, totals))].join(", ")}`;
    },
  };
}

type Key = keyof typeof KEYS;

/** The type of each key. The order of the keys decides between equal values. */
const KEYS = { bucket: "int", clientId: "text", metric: "text" } as const;

const COLUMNS: Readonly<Record<AggregateOrder["by"], string>> = {
  bucket: "bucket",
  clientId: "client_id",
  metric: "metric",
  count: "count",
  sum: "sum",
  min: "min",
  max: "max",
};

/** Returns SQL for a value of a group. A string has the collation "C", which compares by code point. */
function column(by: AggregateOrder["by"], totals: string): string {
  const qualified = `${totals}.${COLUMNS[by]}`;
  return by === "clientId" || by === "metric" ? `${qualified} collate "C"` : qualified;
}

/** Returns the keys that may differ between the groups of a query. */
function keysOf({ buckets, byClientId, byMetric }: AggregateQuery): readonly Key[] {
  const varies = { bucket: buckets !== undefined, clientId: byClientId, metric: byMetric };
  return (Object.keys(KEYS) as Key[]).filter((key) => varies[key]);
}

/** Returns SQL that is true for the groups after a position. */
function following(
  { by, direction }: AggregateOrder,
  keys: readonly Key[],
  position: AggregatePosition,
  parameters: Parameters,
): (totals: string) => string {
  const key = (name: Key) => `${parameters.add(position[name])}::${KEYS[name]}`;
  const value = by in KEYS ? key(by as Key) : `${parameters.add(position.value)}::numeric`;
  const places = keys.map(key);
  const beyond = direction === "asc" ? ">" : "<";
  return (totals) => {
    const later = `${column(by, totals)} ${beyond} ${value}`;
    if (keys.length === 0) return later;
    const columns = keys.map((name) => column(name, totals));
    const laterKeys = `(${columns.join(", ")}) > (${places.join(", ")})`;
    return `(${later} or (${column(by, totals)} = ${value} and ${laterKeys}))`;
  };
}
