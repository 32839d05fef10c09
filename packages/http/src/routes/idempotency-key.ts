import { Problem } from "../problem.js";

/** The content of a String (RFC 8941, section 3.3.3). */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;

/** What many clients send instead. A comma may be the seam of two headers, so it needs quotes. */
const BARE = /^[!#-+\--~]+$/;

const LONGEST = 255;

/**
 * The key in an `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a quoted String, or bare.
 * @throws Problem 400 where it is empty, too long or neither.
 */
export function idempotencyKey(sent: string | readonly string[] | undefined): string | undefined {
  if (sent === undefined) return undefined;
  const header = String(sent);
  const key = header === "" ? header : contentOf(header).trim();
  if (key === "") throw refused("is empty; leave it out, or name the request");
  if (key.length > LONGEST) throw refused(`has ${key.length} characters; the limit is ${LONGEST}`);
  return key;
}

function contentOf(header: string): string {
  const content = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, "$1") ?? BARE.exec(header)?.[0];
  if (content !== undefined) return content;
  throw refused('is malformed; send one quoted ASCII text, as in Idempotency-Key: "order-17"');
}

function refused(why: string): Problem {
  return new Problem(400, "EVT_INVALID_HEADER", `Idempotency-Key ${why}`);
}
