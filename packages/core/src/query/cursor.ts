import type { EntryPosition, EntryQuery } from "../store.js";
import { canonicalTimestamp, isTimestampMs } from "../time/canonical-timestamp.js";
import { opened, sealed } from "./cursor-seal.js";

/** The members of a query that select entries. They must be the same for each page of a list. */
export type EntryFilter = Omit<EntryQuery, "limit" | "after" | "skip">;

const HASH = /^[0-9a-f]{64}$/;

/** Returns a cursor: an opaque string for a position in a list. It is valid only with the same filter. */
export function encodeCursor({ receivedAt, id }: EntryPosition, filter: EntryFilter): string {
  const statuses = [...filter.statuses].sort();
  return sealed(`${receivedAt} ${id}`, { ...filter, statuses, receivedAt, id });
}

/** @throws EvtError `EVT_INVALID_QUERY` if the cursor is not valid, or was created for a different filter */
export function decodeCursor(cursor: unknown, filter: EntryFilter): EntryPosition {
  const encode = (position: EntryPosition) => encodeCursor(position, filter);
  return opened(cursor, { read: positionIn, encode, belongsTo: "filter" });
}

/** Reads the position of a cursor. */
function positionIn(text: string): EntryPosition | undefined {
  const [receivedAt = "", id = "", ...more] = text.split(" ");
  return more.length === 0 && HASH.test(id) && isInstant(receivedAt) ? { receivedAt, id } : undefined;
}

/** Returns whether the text is a canonical timestamp in milliseconds, which any store can hold. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return isTimestampMs(ms) && canonicalTimestamp(ms) === text;
}
