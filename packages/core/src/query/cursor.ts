import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import { quoted } from "../quoted.js";
import type { EntryPosition, EntryQuery } from "../store.js";
import { canonicalTimestamp, isTimestampMs } from "../time/canonical-timestamp.js";
import { invalid } from "./query-range.js";

type Filter = Pick<
  EntryQuery,
  "tenantId" | "clientId" | "visibleTo" | "metric" | "statuses" | "reason" | "from" | "to"
>;

const HASH = /^[0-9a-f]{64}$/;

/** An opaque text for a place in a list, good only with the filter it was made under. */
export function encodeCursor({ receivedAt, id }: EntryPosition, filter: Filter): string {
  return Buffer.from(`${receivedAt} ${id} ${mark({ receivedAt, id }, filter)}`).toString("base64url");
}

/** @throws EvtError `EVT_INVALID_QUERY` if it is no cursor, or one of another filter. */
export function decodeCursor(cursor: unknown, filter: Filter): EntryPosition {
  const position = typeof cursor === "string" ? positionIn(cursor) : undefined;
  if (position === undefined)
    throw invalid("cursor", `cursor ${quoted(cursor)} is not one of ours; pass nextCursor on as it was`);
  if (encodeCursor(position, filter) === cursor) return position;
  throw invalid(
    "cursor",
    "the cursor belongs to another filter, or was changed; begin again without a cursor, or keep the filter",
  );
}

/** Only of a cursor as it is encoded here: without padding, in the alphabet of URLs, with nothing after its end. */
function positionIn(cursor: string): EntryPosition | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.toString("base64url") !== cursor) return undefined;
  const [receivedAt = "", id = "", given, ...more] = bytes.toString().split(" ");
  if (given === undefined || more.length > 0 || !HASH.test(id) || !isInstant(receivedAt)) return undefined;
  return { receivedAt, id };
}

/** Whether a store can hold it: a day of the calendar, in the years 0001 to 9999. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return isTimestampMs(ms) && canonicalTimestamp(ms) === text;
}

/** Of place and filter both: a cursor that was changed on its way leads nowhere, rather than elsewhere. */
function mark(
  { receivedAt, id }: EntryPosition,
  { tenantId, clientId, visibleTo, metric, statuses, reason, from, to }: Filter,
): string {
  const text = [clientId, metric, reason, from, to].map((each) => each ?? null);
  const all = [receivedAt, id, tenantId, [...statuses].sort(), ...text];
  if (visibleTo !== undefined) all.push(visibleTo);
  return sha256Hex(canonicalJson(all)).slice(0, 16);
}
