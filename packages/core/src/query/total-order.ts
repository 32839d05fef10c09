import type { OrderBy } from "../queries.js";
import type { AggregateOrder, AggregatePosition, AggregateQuery, AggregateRow } from "../store.js";
import { compareCodePoints } from "./code-point-order.js";
import { scaled } from "./decimal.js";

/**
 * Sorts rows, omits those up to `after`, and returns the first `limit` rows. Without `order`, returns any `limit` rows.
 * For store authors: a page of `aggregate` from all of its rows.
 */
export function pageOfTotals(
  rows: readonly AggregateRow[],
  { order, after, limit, byDimensions }: Pick<AggregateQuery, "order" | "after" | "limit" | "byDimensions">,
): AggregateRow[] {
  if (order === undefined) return rows.slice(0, limit);
  const compare = placesIn(order, byDimensions);
  const start = after === undefined ? undefined : placeAt(after);
  return rows
    .map((row) => ({ row, ...placeAt(positionOf(row, order)) }))
    .filter((place) => start === undefined || compare(start, place) < 0)
    .sort(compare)
    .slice(0, limit)
    .map(({ row }) => row);
}

const MEASURES = ["count", "sum", "min", "max"] as const;
type Measure = (typeof MEASURES)[number];

/** Returns whether the order is by a total, not by a key of the group. */
export function isMeasure(by: OrderBy): by is Measure {
  return MEASURES.some((measure) => measure === by);
}

/** Returns the position of a row in ordered totals. */
export function positionOf(row: AggregateRow, { by }: AggregateOrder): AggregatePosition {
  const { bucket, clientId, metric, unit, dimensions } = row;
  const value = isMeasure(by) ? String(row[by]) : null;
  return { bucket, clientId, metric, unit, ...(dimensions && { dimensions }), value };
}

/** A position whose value was converted once, before it is compared many times. */
interface Place {
  readonly position: AggregatePosition;
  readonly value: bigint;
}

function placeAt(position: AggregatePosition): Place {
  return { position, value: position.value === null ? 0n : scaled(position.value) };
}

/** The prefix of a dimension's name in `groupBy` and `orderBy`. */
export const DIMENSION = "dimension.";

/** Returns the index of the ordering dimension in `byDimensions`, or -1 if the order is not by a dimension. */
function orderedDimension(by: OrderBy, byDimensions: readonly string[] = []): number {
  return by.startsWith(DIMENSION) ? byDimensions.indexOf(by.slice(DIMENSION.length)) : -1;
}

function placesIn(
  { by, direction }: AggregateOrder,
  byDimensions: readonly string[] | undefined,
): (left: Place, right: Place) => number {
  const sign = direction === "asc" ? 1 : -1;
  const dimension = orderedDimension(by, byDimensions);
  const keyOf = ({ clientId, metric, dimensions = [] }: AggregatePosition) =>
    by === "clientId" ? clientId : by === "metric" ? metric : (dimensions[dimension] ?? "");
  return (left, right) => {
    const [a, b] = [left.position, right.position];
    if (isMeasure(by)) return sign * byValue(left.value, right.value) || byKeys(a, b);
    if (by === "bucket") return sign * (a.bucket - b.bucket) || byKeys(a, b);
    return sign * byCodePoints(keyOf(a), keyOf(b)) || byKeys(a, b);
  };
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byKeys(a: AggregatePosition, b: AggregatePosition): number {
  return (
    a.bucket - b.bucket ||
    byCodePoints(a.clientId, b.clientId) ||
    byCodePoints(a.metric, b.metric) ||
    byDimensions(a.dimensions ?? [], b.dimensions ?? []) ||
    byCodePoints(a.unit ?? "", b.unit ?? "")
  );
}

/** Compares dimension by dimension. `null` comes first: no value is empty. */
function byDimensions(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [i, value] of a.entries()) {
    const order = byCodePoints(value ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return 0;
}

/** Keys by which the query does not group are `null`, and compare as equal. */
function byCodePoints(a: string | null, b: string | null): number {
  return a === null || b === null ? 0 : compareCodePoints(a, b);
}
