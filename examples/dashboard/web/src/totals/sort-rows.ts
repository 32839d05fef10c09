import type { AggregationRow } from "../api/aggregation.js";
import { compareDecimals } from "./compare-decimals.js";

export type Column = "bucket" | "clientId" | "metric" | "count" | "sum" | "average" | "min" | "max";

export interface Order {
  readonly column: Column;
  readonly direction: "ascending" | "descending";
}

const NAMES: readonly Column[] = ["bucket", "clientId", "metric"];

/** Returns the direction of the first click on a column: ascending for names, descending for numbers. */
export function firstDirection(column: Column): Order["direction"] {
  return NAMES.includes(column) ? "ascending" : "descending";
}

export function sortRows(rows: readonly AggregationRow[], { column, direction }: Order): AggregationRow[] {
  const sign = direction === "ascending" ? 1 : -1;
  return [...rows].sort((a, b) => sign * compare(a, b, column));
}

function compare(a: AggregationRow, b: AggregationRow, column: Column): number {
  switch (column) {
    case "count":
      return a.count - b.count;
    case "sum":
    case "average":
    case "min":
    case "max":
      return compareDecimals(a[column] ?? "0", b[column] ?? "0");
    default:
      return (a[column] ?? "").localeCompare(b[column] ?? "");
  }
}
