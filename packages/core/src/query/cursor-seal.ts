import { canonicalJson } from "../identity/canonical-json.js";
import { sha256Hex } from "../identity/sha256.js";
import { quoted } from "../quoted.js";
import { invalid } from "./query-range.js";

/**
 * Returns a cursor: an opaque string with a position and a hash of `bound`. `bound` has the position and the query. So a
 * changed cursor, or the cursor of another query, is refused.
 */
export function sealed(position: string, bound: object): string {
  const mark = sha256Hex(canonicalJson(bound)).slice(0, 16);
  return Buffer.from(`${position} ${mark}`).toString("base64url");
}

/** How a cursor is read. */
export interface CursorReader<Position> {
  /** Returns the position, or `undefined` if the string is not one. */
  readonly read: (position: string) => Position | undefined;
  /** Returns the only valid cursor for the position. */
  readonly encode: (position: Position) => string;
  /** What the cursor belongs to, for messages. */
  readonly belongsTo: "filter" | "query";
}

/**
 * Returns the position of a cursor. Accepts only the exact encoding of `sealed`: base64url without padding, and no further
 * characters.
 * @throws EvtError `EVT_INVALID_QUERY` if the cursor is not valid, or was created for a different query
 */
export function opened<Position>(
  cursor: unknown,
  { read, encode, belongsTo }: CursorReader<Position>,
): Position {
  const text = typeof cursor === "string" ? sealedText(cursor) : undefined;
  const position = text === undefined ? undefined : read(text);
  if (position === undefined)
    throw invalid("cursor", `cursor ${quoted(cursor)} is not valid; pass nextCursor unchanged`);
  if (encode(position) === cursor) return position;
  throw invalid(
    "cursor",
    `the cursor belongs to another ${belongsTo}, or was changed; start again without a cursor, or keep the ${belongsTo}`,
  );
}

/** Returns the string before the hash. */
function sealedText(cursor: string): string | undefined {
  const bytes = Buffer.from(cursor, "base64url");
  if (bytes.toString("base64url") !== cursor) return undefined;
  const text = bytes.toString();
  const end = text.lastIndexOf(" ");
  return end === -1 ? undefined : text.slice(0, end);
}
