import type { AggregateQuery, Entry } from "@evt/core/store";

/** Returns whether an entry matches the filters by unit and dimensions. */
export function hasUnitAndDimensions(
  entry: Entry,
  { unit, dimensions = {} }: Pick<AggregateQuery, "unit" | "dimensions">,
): boolean {
  if (unit !== undefined && entry.unit !== unit) return false;
  return Object.entries(dimensions).every(([name, value]) => dimensionOf(entry, name) === value);
}

/** Returns the value of an entry's dimension, or `null` if the entry does not have it. */
export function dimensionOf({ dimensions }: Entry, name: string): string | null {
  return new Map(Object.entries(dimensions ?? {})).get(name) ?? null;
}
