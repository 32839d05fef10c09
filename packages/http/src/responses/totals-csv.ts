import type { AggregationRow, GroupKey, Interval } from "@evt/core";
import { type Cell, csvRecord } from "./csv.js";

const DIMENSION = "dimension.";

type CellOf = (row: AggregationRow) => Cell;

/** Returns totals as CSV. The first columns are `bucket`, if there is an interval, and the keys of `groupBy`. */
export function totalsCsv(
  rows: readonly AggregationRow[],
  groupBy: readonly GroupKey[],
  interval: Interval | null,
): string {
  const columns: readonly (readonly [string, CellOf])[] = [
    ...(interval === null ? [] : [["bucket", (row: AggregationRow) => row.bucket ?? null] as const]),
    ...groupBy.map((key) => [key, cellOf(key)] as const),
    ["unit", ({ unit }) => unit],
    ["count", ({ count }) => count],
    ["sum", ({ sum }) => sum],
    ["average", ({ average }) => average],
    ["min", ({ min }) => min],
    ["max", ({ max }) => max],
  ];
  const records = rows.map((row) => csvRecord(columns.map(([, cell]) => cell(row))));
  return [csvRecord(columns.map(([name]) => name)), ...records].join("");
}

function cellOf(key: GroupKey): CellOf {
  if (key === "clientId") return ({ clientId = null }) => clientId;
  if (key === "metric") return ({ metric = null }) => metric;
  const name = key.slice(DIMENSION.length);
  return ({ dimensions }) => dimensions?.[name] ?? null;
}
