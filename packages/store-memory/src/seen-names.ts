import { compareCodePoints, type NameQuery, type SeenName, timestampMs } from "@evt/core/store";
import type { Slot } from "./slot-filter.js";

const QUARTER_MS = 900_000;

/** Finds the distinct clients or metrics of the counted events. Returns the first `limit` names of the query. */
export function seenNames(
  slots: Iterable<Slot>,
  { of, clientId, prefix = "", after, limit }: NameQuery,
): SeenName[] {
  const seen = new Map<string, { first: number; last: number }>();
  for (const { entry } of slots) {
    if (entry.status !== "processed") continue;
    const name = entry[of];
    if ((clientId !== undefined && entry.clientId !== clientId) || !name.startsWith(prefix)) continue;
    if (after !== undefined && compareCodePoints(name, after) <= 0) continue;
    const ms = timestampMs(entry.timestamp);
    const times = seen.get(name) ?? { first: ms, last: ms };
    seen.set(name, { first: Math.min(times.first, ms), last: Math.max(times.last, ms) });
  }
  return [...seen]
    .sort(([left], [right]) => compareCodePoints(left, right))
    .slice(0, limit)
    .map(([name, { first, last }]) => ({ name, firstSeenAt: quarterOf(first), lastSeenAt: quarterOf(last) }));
}

/** Returns the start of the quarter hour that contains an instant. */
function quarterOf(ms: number): string {
  return new Date(Math.floor(ms / QUARTER_MS) * QUARTER_MS).toISOString();
}
