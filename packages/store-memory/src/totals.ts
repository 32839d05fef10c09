import { type AggregateQuery, type AggregateRow, DecimalFold, pageOfTotals } from "@evt/core/store";
import { sortable } from "./instant.js";
import { type Slot, slotFilter } from "./slot-filter.js";

interface Group {
  readonly bucket: number;
  readonly clientId: string | null;
  readonly metric: string | null;
  readonly fold: DecimalFold;
}

/** Computes the totals from the counted events. Returns one row for each group, up to the query's limit. */
export function totals(slots: Iterable<Slot>, query: AggregateQuery): AggregateRow[] {
  const matches = slotFilter(query);
  const bucketOf = bucketFinder(query.buckets);
  const groups = new Map<string, Group>();
  for (const slot of slots) {
    const { entry } = slot;
    if (entry.status !== "processed" || !matches(slot)) continue;
    const clientId = query.byClientId ? entry.clientId : null;
    const metric = query.byMetric ? entry.metric : null;
    const bucket = bucketOf(slot.time);
    const key = JSON.stringify([bucket, clientId, metric]);
    const group = groups.get(key);
    if (group !== undefined) group.fold.add(entry.amount);
    else if (query.order !== undefined || groups.size < query.limit)
      groups.set(key, { bucket, clientId, metric, fold: new DecimalFold().add(entry.amount) });
  }
  return pageOfTotals(Array.from(groups.values(), row), query);
}

function row({ bucket, clientId, metric, fold: { count, sum, min, max } }: Group): AggregateRow {
  return { bucket, clientId, metric, count, sum, min: min ?? "0", max: max ?? "0" };
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
