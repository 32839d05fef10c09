import type { AggregateOrder, AggregatePosition, AggregateQuery, AggregateRow } from "@evt/core/store";
import { toUnits } from "./exact-decimal.js";

/**
 * Returns the expected page, in the simplest way: sorts all rows of a query, and takes the first `limit` rows after
 * the position.
 */
export function expectedTotalsPage(
  all: readonly AggregateRow[],
  order: AggregateOrder,
  { after, limit }: Pick<AggregateQuery, "after" | "limit">,
): AggregateRow[] {
  return [...all]
    .sort((left, right) => compare(positionOf(left, order), positionOf(right, order), order))
    .filter((row) => after === undefined || compare(after, positionOf(row, order), order) < 0)
    .slice(0, limit);
}

/** Returns the position of a row. */
export function positionOf(row: AggregateRow, { by }: AggregateOrder): AggregatePosition {
  const { bucket, clientId, metric, unit, dimensions } = row;
  const isKey = by === "bucket" || by === "clientId" || by === "metric";
  const value = isKey ? null : String(row[by]);
  return { bucket, clientId, metric, unit, ...(dimensions && { dimensions }), value };
}

function compare(left: AggregatePosition, right: AggregatePosition, order: AggregateOrder): number {
  const { by, direction } = order;
  const isKey = by === "bucket" || by === "clientId" || by === "metric";
  const first = isKey ? inOrder(left[by], right[by]) : inOrder(units(left), units(right));
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
