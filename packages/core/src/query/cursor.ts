import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import { quoted } from "../normalize/quoted.js";
import type { EntryPosition, EntryQuery } from "../store.js";
import { invalid } from "./query-range.js";

type Filter = Pick<
  EntryQuery,
  "tenantId" | "clientId" | "visibleTo" | "metric" | "statuses" | "reason" | "from" | "to"
>;

const HASH = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** An opaque text for a place in a list, good only with the filter it was made under. */
export function encodeCursor({ receivedAt, id }: EntryPosition, filter: Filter): string {
  return Buffer.from(`${receivedAt} ${id} ${mark({ receivedAt, id }, filter)}`).toString("base64url");
}

/** @throws EvtError `EVT_INVALID_QUERY` where it is no cursor, or one of another filter. */
export function decodeCursor(cursor: unknown, filter: Filter): EntryPosition {
  const text = typeof cursor === "string" ? Buffer.from(cursor, "base64url").toString() : "";
  const [receivedAt = "", id = "", given] = text.split(" ");
  if (!INSTANT.test(receivedAt) || Number.isNaN(Date.parse(receivedAt)) || !HASH.test(id)) {
    throw invalid("cursor", `cursor ${quoted(cursor)} is not one of ours; pass nextCursor on as it was`);
  }
  if (given !== mark({ receivedAt, id }, filter)) {
    throw invalid(
      "cursor",
      "the cursor belongs to another filter, or was changed; begin again without a cursor, or keep the filter",
    );
  }
  return { receivedAt, id };
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
