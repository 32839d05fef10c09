import { type Entry, type EntryPage, type EntryQuery, isVisibleTo } from "@evt/core";
import { isWithin } from "./microseconds.js";

/** The page that these entries have, worked out the plain way. */
export function expectedPage(all: readonly Entry[], query: EntryQuery): EntryPage {
  const { after } = query;
  const matching = all
    .filter((entry) => matches(entry, query))
    .sort(latestFirst)
    .filter((entry) => after === undefined || latestFirst(after, entry) < 0);
  return { entries: matching.slice(0, query.limit), more: matching.length > query.limit };
}

function matches(entry: Entry, query: EntryQuery): boolean {
  if (entry.tenantId !== query.tenantId || !query.statuses.includes(entry.status)) return false;
  if (entry.status !== "processed" && entry.resolvedAt !== null) return false;
  if (query.clientId !== undefined && entry.clientId !== query.clientId) return false;
  if (query.visibleTo !== undefined && !isVisibleTo(entry, query.visibleTo)) return false;
  if (query.metric !== undefined && entry.metric !== query.metric) return false;
  return isWithin(entry.timestamp ?? entry.receivedAt, query);
}

interface Place {
  readonly receivedAt: string;
  readonly id: string;
}

function latestFirst(left: Place, right: Place): number {
  if (left.receivedAt !== right.receivedAt) return left.receivedAt > right.receivedAt ? -1 : 1;
  if (left.id !== right.id) return left.id > right.id ? -1 : 1;
  return 0;
}
