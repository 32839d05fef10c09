import { type Entry, isVisibleTo } from "@evt/core";
import { sortable } from "./instant.js";

/** An entry, with its instants made ready for comparing. */
export interface Slot {
  readonly receivedAt: string;
  /** When it happened; its receipt where that could not be read. */
  readonly time: string;
  readonly entry: Entry;
}

export function slotOf(entry: Entry): Slot {
  const receivedAt = sortable(entry.receivedAt);
  const time = entry.timestamp === null ? receivedAt : sortable(entry.timestamp);
  return { receivedAt, time, entry };
}

interface Wanted {
  readonly clientId?: string;
  readonly visibleTo?: string;
  readonly metric?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What the list and the totals filter alike: client, who may see it, metric, and time with `from ≤ t < to`. Absent members do not filter. */
export function slotFilter({ clientId, visibleTo, metric, from, to }: Wanted): (slot: Slot) => boolean {
  const start = from === undefined ? undefined : sortable(from);
  const end = to === undefined ? undefined : sortable(to);
  return ({ time, entry }) =>
    (start === undefined || time >= start) &&
    (end === undefined || time < end) &&
    (clientId === undefined || entry.clientId === clientId) &&
    (visibleTo === undefined || isVisibleTo(entry, visibleTo)) &&
    (metric === undefined || entry.metric === metric);
}
