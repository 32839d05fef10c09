import { Problem } from "../problem.js";

/** The content of a String (RFC 8941, section 3.3.3). */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;

/**
 * A key without quotes, as many clients send it. A comma is not allowed, because Node joins repeated headers with a
 * comma.
 */
const BARE = /^[!#-+\--~]+$/;

const LONGEST = 255;

/**
 * Returns the key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header). The key is a quoted String,
 * or has no quotes.
 * @throws Problem 400 if the key is empty, too long or malformed
 */
export function idempotencyKey(sent: string | readonly string[] | undefined): string | undefined {
  if (sent === undefined) return undefined;
  const header = String(sent);
  const key = header === "" ? header : contentOf(header).trim();
  if (key === "") throw refused("is empty; send a key, or omit the header");
  if (key.length > LONGEST) throw refused(`has ${key.length} characters; the limit is ${LONGEST}`);
  return key;
}

function contentOf(header: string): string {
  const content = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, "$1") ?? BARE.exec(header)?.[0];
  if (content !== undefined) return content;
  throw refused('is malformed; send one quoted ASCII string, as in Idempotency-Key: "order-17"');
}

function refused(why: string): Problem {
  return new Problem(400, "EVT_INVALID_HEADER", `Idempotency-Key ${why}`);
}
