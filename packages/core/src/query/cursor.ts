import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import { quoted } from "../normalize/quoted.js";
import type { EntryPosition, EntryQuery } from "../store.js";
import { invalid } from "./query-range.js";

type Filter = Pick<EntryQuery, "tenantId" | "clientId" | "metric" | "statuses" | "reason" | "from" | "to">;

const HASH = /^[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** An opaque text for a place in a list, good only with the filter it was made under. */
export function encodeCursor({ receivedAt, id }: EntryPosition, filter: Filter): string {
  return Buffer.from(`${receivedAt} ${id} ${filterMark(filter)}`).toString("base64url");
}

/** @throws EvtError `EVT_INVALID_QUERY` where it is no cursor, or one of another filter. */
export function decodeCursor(cursor: unknown, filter: Filter): EntryPosition {
  const text = typeof cursor === "string" ? Buffer.from(cursor, "base64url").toString() : "";
  const [receivedAt = "", id = "", mark] = text.split(" ");
  if (!INSTANT.test(receivedAt) || Number.isNaN(Date.parse(receivedAt)) || !HASH.test(id)) {
    throw invalid("cursor", `cursor ${quoted(cursor)} is not one of ours; pass nextCursor on as it was`);
  }
  if (mark !== filterMark(filter)) {
    throw invalid(
      "cursor",
      "the cursor belongs to another filter; begin again without a cursor, or keep the filter",
    );
  }
  return { receivedAt, id };
}

function filterMark({ tenantId, clientId, metric, statuses, reason, from, to }: Filter): string {
  const text = [clientId, metric, reason, from, to].map((each) => each ?? null);
  const filter = [tenantId, [...statuses].sort(), ...text];
  return sha256Hex(canonicalJson(filter)).slice(0, 16);
}
