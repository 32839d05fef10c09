import { type ReasonCount, type ReasonQuery, reasonsOf } from "@evt/core/store";
import { isListed } from "./entry-list.js";
import { type Slot, slotFilter } from "./slot-filter.js";

/** Counts unresolved parked events by status and reasons. The largest group comes first. */
export function reasonCounts(slots: Iterable<Slot>, query: ReasonQuery): ReasonCount[] {
  const matches = slotFilter(query);
  const groups = new Map<string, ReasonCount>();
  for (const slot of slots) {
    const { entry } = slot;
    if (entry.status === "processed" || !isListed(entry, query) || !matches(slot)) continue;
    const { status, receivedAt, lastAttemptAt } = entry;
    const reasons = reasonsOf(entry);
    const key = [status, ...reasons].join(" ");
    const known = groups.get(key);
    groups.set(key, {
      status,
      reasons,
      count: (known?.count ?? 0) + 1,
      firstReceivedAt:
        known === undefined || receivedAt < known.firstReceivedAt ? receivedAt : known.firstReceivedAt,
      lastAttemptAt:
        known === undefined || lastAttemptAt > known.lastAttemptAt ? lastAttemptAt : known.lastAttemptAt,
    });
  }
  const ordered = [...groups].sort(([a, left], [b, right]) => right.count - left.count || (a < b ? -1 : 1));
  return ordered.slice(0, query.limit).map(([, group]) => group);
}
