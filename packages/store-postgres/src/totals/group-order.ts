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
  const { order, after, byDimensions = [] } = query;
  if (order === undefined) return { after: () => "", orderBy: () => "" };
  const keys = keysOf(query, parameters);
  const follows = after === undefined ? undefined : following(order, byDimensions, keys, after, parameters);
  return {
    after: (totals) => (follows === undefined ? "" : `where ${follows(totals)}`),
    orderBy: (totals) => {
      const first = `${column(order.by, byDimensions, totals)} ${order.direction}`;
      return `order by ${[first, ...keys.map((key) => key.column(totals))].join(", ")}`;
    },
  };
}

/** The type of each key by which totals can be sorted. */
const KEYS = { bucket: "int", clientId: "text", metric: "text" } as const;

type NamedKey = keyof typeof KEYS;

/** A key that decides between equal values. */
interface Key {
  /** Returns SQL for the key. The argument is the name of the table with the totals. */
  readonly column: (totals: string) => string;
  /** Returns SQL for the key of a position. */
  readonly of: (position: AggregatePosition) => string;
}

/**
 * Returns SQL for a value of a group. A string has the collation "C", which compares by code point. A null is compared as
 * the empty string, which no event has, so that null comes first.
 */
function column(by: AggregateOrder["by"], byDimensions: readonly string[], totals: string): string {
  if (by === "clientId") return `${totals}.client_id collate "C"`;
  if (by === "metric") return `${totals}.metric collate "C"`;
  if (!isDimension(by)) return `${totals}.${by}`;
  return dimensionColumn(indexOf(by, byDimensions), totals);
}

type DimensionKey = Extract<AggregateOrder["by"], `dimension.${string}`>;

function isDimension(by: AggregateOrder["by"]): by is DimensionKey {
  return by.startsWith(DIMENSION);
}

const DIMENSION = "dimension.";

function indexOf(by: DimensionKey, byDimensions: readonly string[]): number {
  return byDimensions.indexOf(by.slice(DIMENSION.length));
}

function dimensionColumn(index: number, totals: string): string {
  return `coalesce(${totals}.dimension_${index}, '') collate "C"`;
}

/** Returns the keys that may differ between the groups of a query, in the order in which they decide. */
function keysOf(
  { buckets, byClientId, byMetric, byDimensions = [] }: AggregateQuery,
  parameters: Parameters,
): readonly Key[] {
  const varies = { bucket: buckets !== undefined, clientId: byClientId, metric: byMetric };
  const named = (Object.keys(KEYS) as NamedKey[]).filter((key) => varies[key]);
  return [
    ...named.map((name) => namedKey(name, parameters)),
    ...byDimensions.map((_, i) =>
      nullableKey(`dimension_${i}`, ({ dimensions = [] }) => dimensions[i] ?? "", parameters),
    ),
    nullableKey("unit", ({ unit }) => unit ?? "", parameters),
  ];
}

function namedKey(name: NamedKey, parameters: Parameters): Key {
  return {
    column: (totals) => column(name, [], totals),
    of: (position) => `${parameters.add(position[name])}::${KEYS[name]}`,
  };
}

/** Returns a key that may be null. */
function nullableKey(name: string, of: (position: AggregatePosition) => string, parameters: Parameters): Key {
  return {
    column: (totals) => `coalesce(${totals}.${name}, '') collate "C"`,
    of: (position) => `${parameters.add(of(position))}::text`,
  };
}

/** Returns SQL that is true for the groups after a position. */
function following(
  { by, direction }: AggregateOrder,
  byDimensions: readonly string[],
  keys: readonly Key[],
  position: AggregatePosition,
  parameters: Parameters,
): (totals: string) => string {
  const value = valueAt(by, byDimensions, position, parameters);
  const places = keys.map((key) => key.of(position));
  const beyond = direction === "asc" ? ">" : "<";
  return (totals) => {
    const later = `${column(by, byDimensions, totals)} ${beyond} ${value}`;
    const columns = keys.map((key) => key.column(totals));
    const laterKeys = `(${columns.join(", ")}) > (${places.join(", ")})`;
    return `(${later} or (${column(by, byDimensions, totals)} = ${value} and ${laterKeys}))`;
  };
}

function valueAt(
  by: AggregateOrder["by"],
  byDimensions: readonly string[],
  position: AggregatePosition,
  parameters: Parameters,
): string {
  if (by in KEYS) return namedKey(by as NamedKey, parameters).of(position);
  if (!isDimension(by)) return `${parameters.add(position.value)}::numeric`;
  return `${parameters.add(position.dimensions?.[indexOf(by, byDimensions)] ?? "")}::text`;
}
