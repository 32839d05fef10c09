import type { AggregateQuery, AggregateRow, StoredEvent } from "@evt/core/store";
import { fromUnits, toUnits } from "./exact-decimal.js";
import { isWithin, microseconds } from "./microseconds.js";
import { dimensionOf, hasUnitAndDimensions } from "./unit-and-dimensions.js";

/** Computes all rows of a query from the events, in the simplest way and without a limit. */
export function expectedTotals(all: readonly StoredEvent[], query: AggregateQuery): AggregateRow[] {
  const matching = all.filter((event) => matches(event, query));
  const groups = new Map<string, StoredEvent[]>();
  for (const event of matching) {
    const key = JSON.stringify(groupOf(event, query));
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return Array.from(groups.values(), (events) => rowOf(events, query));
}

function matches(event: StoredEvent, query: AggregateQuery): boolean {
  if (event.tenantId !== query.tenantId) return false;
  if (query.clientId !== undefined && event.clientId !== query.clientId) return false;
  if (query.metric !== undefined && event.metric !== query.metric) return false;
  return isWithin(event.timestamp, query) && hasUnitAndDimensions(event, query);
}

type Group = Pick<AggregateRow, "bucket" | "clientId" | "metric" | "unit" | "dimensions">;

function groupOf(
  event: StoredEvent,
  { buckets = [], byClientId, byMetric, byDimensions }: AggregateQuery,
): Group {
  const begun = buckets.filter((start) => microseconds(start) <= microseconds(event.timestamp));
  return {
    bucket: Math.max(begun.length - 1, 0),
    clientId: byClientId ? event.clientId : null,
    metric: byMetric ? event.metric : null,
    unit: event.unit,
    ...(byDimensions && { dimensions: byDimensions.map((name) => dimensionOf(event, name)) }),
  };
}

function rowOf(events: readonly StoredEvent[], query: AggregateQuery): AggregateRow {
  const units = events.map(({ amount }) => toUnits(amount)).sort(ascending);
  const [first] = events;
  const [min, max] = [units.at(0), units.at(-1)];
  if (first === undefined || min === undefined || max === undefined)
    throw new RangeError("a group has events");
  const sum = fromUnits(units.reduce((total, unit) => total + unit));
  const count = units.length;
  return { ...groupOf(first, query), count, sum, min: fromUnits(min), max: fromUnits(max) };
}

function ascending(left: bigint, right: bigint): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
