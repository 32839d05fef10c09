import { type DimensionFilter, type Entry, isVisibleTo } from "@evt/core/store";
import { sortable } from "./instant.js";

/** An entry with its instants in sortable form. */
export interface Slot {
  readonly receivedAt: string;
  /** The timestamp of the event, or its receive time if it has no timestamp. */
  readonly time: string;
  readonly entry: Entry;
}

export function slotOf(entry: Entry): Slot {
  const receivedAt = sortable(entry.receivedAt);
  const time = entry.timestamp === null ? receivedAt : sortable(entry.timestamp);
  return { receivedAt, time, entry };
}

interface SlotQuery {
  readonly clientId?: string;
  readonly visibleTo?: string;
  readonly metric?: string;
  readonly unit?: string | null;
  readonly dimensions?: DimensionFilter;
  readonly from?: string;
  readonly to?: string;
}

/**
 * Returns the filter that lists, reasons and totals share: client, visibility, metric, unit, dimensions, and time with
 * `from ≤ t < to`. An absent member does not filter.
 */
export function slotFilter({
  clientId,
  visibleTo,
  metric,
  unit,
  dimensions = {},
  from,
  to,
}: SlotQuery): (slot: Slot) => boolean {
  const wanted = Object.entries(dimensions);
  const start = from === undefined ? undefined : sortable(from);
  const end = to === undefined ? undefined : sortable(to);
  return ({ time, entry }) =>
    (start === undefined || time >= start) &&
    (end === undefined || time < end) &&
    (clientId === undefined || entry.clientId === clientId) &&
    (visibleTo === undefined || isVisibleTo(entry, visibleTo)) &&
    (metric === undefined || entry.metric === metric) &&
    (unit === undefined || entry.unit === unit) &&
    wanted.every(([name, value]) => dimensionOf(entry, name) === value);
}

/** Returns the value of an entry's dimension, or `null` if the entry does not have it. */
export function dimensionOf({ dimensions }: Entry, name: string): string | null {
  return dimensions !== null && Object.hasOwn(dimensions, name) ? (dimensions[name] ?? null) : null;
}
