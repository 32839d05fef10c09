import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import { quoted } from "../quoted.js";
import type { EntryPosition, EntryQuery } from "../store.js";
import { canonicalTimestamp, isTimestampMs } from "../time/canonical-timestamp.js";
import { invalid } from "./query-range.js";

/** The members of a query that select entries. They must be the same for each page of a list. */
export type EntryFilter = Omit<EntryQuery, "limit" | "after" | "skip">;

const HASH = /^[0-9a-f]{64}$/;

/** Returns a cursor: an opaque string for a position in a list. It is valid only with the same filter. */
export function encodeCursor({ receivedAt, id }: EntryPosition, filter: EntryFilter): string {
  return Buffer.from(`${receivedAt} ${id} ${mark({ receivedAt, id }, filter)}`).toString("base64url");
}

/** @throws EvtError `EVT_INVALID_QUERY` if the cursor is not valid, or was created for a different filter */
export function decodeCursor(cursor: unknown, filter: EntryFilter): EntryPosition {
  const position = typeof cursor === "string" ? positionIn(cursor) : undefined;
  if (position === undefined)
    throw invalid("cursor", `cursor ${quoted(cursor)} is not valid; pass nextCursor unchanged`);
  if (encodeCursor(position, filter) === cursor) return position;
  throw invalid(
    "cursor",
    "the cursor belongs to another filter, or was changed; start again without a cursor, or keep the filter",
  );
}

/**
 * Reads the position of a cursor. Accepts only base64url as `encodeCursor` writes it, without padding or further
 * characters.
 */
function positionIn(cursor: string): EntryPosition | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.toString("base64url") !== cursor) return undefined;
  const [receivedAt = "", id = "", given, ...more] = bytes.toString().split(" ");
  if (given === undefined || more.length > 0 || !HASH.test(id) || !isInstant(receivedAt)) return undefined;
  return { receivedAt, id };
}

/** Returns whether a store can hold the instant: a valid date in the years 0001 to 9999. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return isTimestampMs(ms) && canonicalTimestamp(ms) === text;
}

/** Returns a hash of the position and of the filter, so that a changed cursor is refused. */
function mark({ receivedAt, id }: EntryPosition, filter: EntryFilter): string {
  const statuses = [...filter.statuses].sort();
  return sha256Hex(canonicalJson({ ...filter, statuses, receivedAt, id })).slice(0, 16);
}
