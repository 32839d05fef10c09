import type { AggregateOrder, AggregatePosition, AggregateQuery, AggregateRow } from "@evt/core/store";
import { toUnits } from "./exact-decimal.js";

/**
 * Returns the expected page, in the simplest way: sorts all rows of a query, and takes the first `limit` rows after
 * the position.
 */
export function expectedTotalsPage(
  all: readonly AggregateRow[],
  order: AggregateOrder,
  { after, limit, byDimensions = [] }: Pick<AggregateQuery, "after" | "limit" | "byDimensions">,
): AggregateRow[] {
  const inPlace = (left: AggregatePosition, right: AggregatePosition) =>
    compare(left, right, order, byDimensions);
  return [...all]
    .sort((left, right) => inPlace(positionOf(left, order), positionOf(right, order)))
    .filter((row) => after === undefined || inPlace(after, positionOf(row, order)) < 0)
    .slice(0, limit);
}

/** Returns the position of a row. */
export function positionOf(row: AggregateRow, { by }: AggregateOrder): AggregatePosition {
  const { bucket, clientId, metric, unit, dimensions } = row;
  const value = isMeasure(by) ? String(row[by]) : null;
  return { bucket, clientId, metric, unit, ...(dimensions && { dimensions }), value };
}

function isMeasure(by: AggregateOrder["by"]): by is "count" | "sum" | "min" | "max" {
  return ["count", "sum", "min", "max"].includes(by);
}

function compare(
  left: AggregatePosition,
  right: AggregatePosition,
  { by, direction }: AggregateOrder,
  byDimensions: readonly string[],
): number {
  const key = ({ bucket, clientId, metric, dimensions = [] }: AggregatePosition) => {
    if (by === "bucket") return bucket;
    if (by === "clientId") return clientId;
    if (by === "metric") return metric;
    return dimensions[byDimensions.indexOf(by.replace("dimension.", ""))] ?? "";
  };
  const first = isMeasure(by) ? inOrder(units(left), units(right)) : inOrder(key(left), key(right));
  if (first !== 0) return direction === "asc" ? first : -first;
  return (
    inOrder(left.bucket, right.bucket) ||
    inOrder(left.clientId, right.clientId) ||
    inOrder(left.metric, right.metric) ||
    inOrderOfEach(left.dimensions ?? [], right.dimensions ?? []) ||
    inOrder(left.unit ?? "", right.unit ?? "")
  );
}

/** `null` comes first. */
function inOrderOfEach(left: readonly (string | null)[], right: readonly (string | null)[]): number {
  const differing = left.findIndex((value, index) => value !== right[index]);
  return differing === -1 ? 0 : inOrder(left[differing] ?? "", right[differing] ?? "");
}

function units({ value }: AggregatePosition): bigint {
  return value === null ? 0n : toUnits(value);
}

/** Compares two values. Strings are compared by their UTF-8 bytes, which gives the order of code points. */
function inOrder<T extends string | number | bigint | null>(left: T, right: T): number {
  if (left === right || left === null || right === null) return 0;
  if (typeof left === "string") return Buffer.compare(Buffer.from(left), Buffer.from(String(right)));
  return left < right ? -1 : 1;
}
