import {
  type AggregateQuery,
  type AggregateRow,
  DecimalFold,
  pageOfTotals,
  type StoredEvent,
} from "@evt/core/store";
import { sortable } from "./instant.js";
import { dimensionOf, type Slot, slotFilter } from "./slot-filter.js";

type GroupKey = Pick<AggregateRow, "bucket" | "clientId" | "metric" | "unit" | "dimensions">;

interface Group {
  readonly key: GroupKey;
  readonly fold: DecimalFold;
}

/** Computes the totals from the counted events. Returns one row for each group and unit, up to the query's limit. */
export function totals(slots: Iterable<Slot>, query: AggregateQuery): AggregateRow[] {
  const matches = slotFilter(query);
  const bucketOf = bucketFinder(query.buckets);
  const groups = new Map<string, Group>();
  for (const slot of slots) {
    const { entry } = slot;
    if (entry.status !== "processed" || !matches(slot)) continue;
    const key = groupKey(entry, bucketOf(slot.time), query);
    const name = JSON.stringify(key);
    const group = groups.get(name);
    if (group !== undefined) group.fold.add(entry.amount);
    else if (query.order !== undefined || groups.size < query.limit)
      groups.set(name, { key, fold: new DecimalFold().add(entry.amount) });
  }
  return pageOfTotals(Array.from(groups.values(), row), query);
}

function groupKey(
  entry: StoredEvent,
  bucket: number,
  { byClientId, byMetric, byDimensions }: AggregateQuery,
): GroupKey {
  return {
    bucket,
    clientId: byClientId ? entry.clientId : null,
    metric: byMetric ? entry.metric : null,
    unit: entry.unit,
    ...(byDimensions && { dimensions: byDimensions.map((name) => dimensionOf(entry, name)) }),
  };
}

function row({ key, fold: { count, sum, min, max } }: Group): AggregateRow {
  return { ...key, count, sum, min: min ?? "0", max: max ?? "0" };
}

/**
 * Returns a function that finds the last bucket that begins at or before a time. The function returns 0 without buckets.
 */
function bucketFinder(buckets: readonly string[] = []): (time: string) => number {
  const starts = buckets.map(sortable);
  return (time) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? "") <= time) low = middle + 1;
      else high = middle;
    }
    return Math.max(low - 1, 0);
  };
}
