import { type Entry, type EntryPage, type EntryQuery, isVisibleTo, reasonsOf } from "@evt/core/store";
import { isWithin } from "./microseconds.js";
import { hasUnitAndDimensions } from "./unit-and-dimensions.js";

/** Computes a query's page from all entries, in the simplest way. */
export function expectedPage(all: readonly Entry[], query: EntryQuery, rawChars?: number): EntryPage {
  const { after, skip = 0, limit } = query;
  const matching = all
    .filter((entry) => matches(entry, query))
    .sort(latestFirst)
    .filter((entry) => after === undefined || latestFirst(after, entry) < 0);
  const rest = matching.slice(skip);
  const page = rest.slice(0, limit);
  const entries = rawChars === 0 ? page.map(withoutRaw) : page.slice(0, fitting(page, rawChars));
  return { entries, more: rest.length > entries.length };
}

/**
 * Returns the number of entries before the first entry whose raw event does not fit. The first raw event always fits.
 */
function fitting(entries: readonly Entry[], rawChars = Number.POSITIVE_INFINITY): number {
  let chars = 0;
  const end = entries.findIndex(({ rawJson }) => {
    if (rawJson === null) return false;
    const isFirst = chars === 0;
    chars += rawJson.length;
    return !isFirst && chars > rawChars;
  });
  return end === -1 ? entries.length : end;
}

/** Returns the entry without its raw event. Sets `rawOmitted` if there was a raw event. */
export function withoutRaw<E extends Entry>(entry: E): E {
  return entry.rawJson === null ? entry : { ...entry, rawJson: null, rawOmitted: true };
}

function matches(entry: Entry, query: EntryQuery): boolean {
  if (entry.tenantId !== query.tenantId || !query.statuses.includes(entry.status)) return false;
  if (entry.status !== "processed" && entry.resolvedAt !== null) return false;
  if (query.clientId !== undefined && entry.clientId !== query.clientId) return false;
  if (query.visibleTo !== undefined && !isVisibleTo(entry, query.visibleTo)) return false;
  if (query.metric !== undefined && entry.metric !== query.metric) return false;
  if (query.reason !== undefined && !hasReason(entry, query.reason)) return false;
  return isWithin(entry.timestamp ?? entry.receivedAt, query) && hasUnitAndDimensions(entry, query);
}

function hasReason(entry: Entry, reason: string): boolean {
  return entry.status !== "processed" && reasonsOf(entry).includes(reason);
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
