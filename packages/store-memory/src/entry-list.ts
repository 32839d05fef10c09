import {
  type Entry,
  type EntryPage,
  type EntryPosition,
  type EntryQuery,
  type EntryStatus,
  reasonsOf,
} from "@evt/core/store";
import { sortable } from "./instant.js";
import { RawBudget } from "./raw-budget.js";
import { type Slot, slotFilter, slotOf } from "./slot-filter.js";

/** One tenant's counted and parked events, by id and in the order of their receive times. */
export class EntryList {
  readonly #byId = new Map<string, Entry>();
  /** Ascending by receive time, then id, so that a new entry is usually added at the end. */
  readonly #ordered: Slot[] = [];

  get(id: string): Entry | undefined {
    return this.#byId.get(id);
  }

  /** Adds an entry, or replaces the entry with the same id. */
  put(entry: Entry): void {
    const slot = slotOf(entry);
    const index = this.#indexOf(slot.receivedAt, entry.id);
    this.#ordered.splice(index, this.#byId.has(entry.id) ? 1 : 0, slot);
    this.#byId.set(entry.id, entry);
  }

  /** Returns all entries, in no specified order. */
  slots(): Iterable<Slot> {
    return this.#ordered;
  }

  /**
   * Returns a page of entries, the latest received first. The page ends before an entry whose raw event exceeds the
   * rest of `rawChars`. The first raw event is always returned. With `rawChars` 0, all raw events are omitted.
   */
  page(query: EntryQuery, rawChars?: number): EntryPage {
    const matches = slotFilter(query);
    const entries: Entry[] = [];
    const budget = new RawBudget(rawChars);
    let skip = query.skip ?? 0;
    for (let index = this.#end(query.after) - 1; index >= 0; index--) {
      const slot = this.#ordered[index];
      if (slot === undefined || !isListed(slot.entry, query) || !matches(slot)) continue;
      if (skip-- > 0) continue;
      if (entries.length === query.limit) return { entries, more: true };
      const entry = budget.bound(slot.entry);
      if (entry.rawOmitted && rawChars !== 0) return { entries, more: true };
      entries.push(entry);
    }
    return { entries, more: false };
  }

  /** Returns the upper bound (exclusive) of the indexes to search for the page. */
  #end(after: EntryPosition | undefined): number {
    return after === undefined ? this.#ordered.length : this.#indexOf(sortable(after.receivedAt), after.id);
  }

  /** Returns the index of the first entry that is not before this position. */
  #indexOf(receivedAt: string, id: string): number {
    let low = 0;
    let high = this.#ordered.length;
    if (isBefore(this.#ordered[high - 1], receivedAt, id)) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBefore(this.#ordered[middle], receivedAt, id)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(slot: Slot | undefined, receivedAt: string, id: string): boolean {
  if (slot === undefined) return false;
  if (slot.receivedAt !== receivedAt) return slot.receivedAt < receivedAt;
  return slot.entry.id < id;
}

type ListedBy = { readonly statuses: readonly EntryStatus[]; readonly reason?: string };

/**
 * Returns whether a list for these statuses and this reason includes the entry. A list does not include resolved events.
 */
export function isListed(entry: Entry, { statuses, reason }: ListedBy): boolean {
  if (!statuses.includes(entry.status)) return false;
  if (entry.status === "processed") return reason === undefined;
  return entry.resolvedAt === null && (reason === undefined || reasonsOf(entry).includes(reason));
}
