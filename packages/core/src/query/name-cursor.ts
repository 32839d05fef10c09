import { isWellFormed } from "../normalize/text.js";
import type { NameQuery } from "../store.js";
import { opened, sealed } from "./cursor-seal.js";

/** The members of a query that select names. They must be the same for every page. */
export type NameFilter = Omit<NameQuery, "limit" | "after">;

/** Returns a cursor: an opaque string for the last name of a page. It is valid only with the same query. */
export function encodeNameCursor(name: string, filter: NameFilter): string {
  return sealed(name, { ...filter, name });
}

/** @throws EvtError `EVT_INVALID_QUERY` if the cursor is not valid, or was created for a different query */
export function decodeNameCursor(cursor: unknown, filter: NameFilter): string {
  const read = (name: string) => (isWellFormed(name) ? name : undefined);
  return opened(cursor, { read, encode: (name) => encodeNameCursor(name, filter), belongsTo: "query" });
}
