import { quoted } from "@evt/core/adapter";
import type { HttpRequest } from "../http-request.js";
import { Problem } from "../problem.js";

/** The content of a String (RFC 8941, section 3.3.3). */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;

/**
 * A key without quotes, as many clients send it. A comma is not allowed, because Node joins repeated headers with a
 * comma.
 */
const BARE = /^[!#-+\--~]+$/;

const LONGEST = 255;

/** A field name (RFC 9110, section 5.1). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Returns the key of a request, or `undefined` if no header has one. @throws Problem 400 if the key is invalid */
export type ReadKey = (req: Pick<HttpRequest, "headers">) => string | undefined;

/**
 * Returns a function that reads the key from `Idempotency-Key`, or else from the first of the other headers that the request
 * has.
 * @throws TypeError if a name is not a valid header name
 */
export function keyReader(otherNames: readonly string[] = []): ReadKey {
  if (!Array.isArray(otherNames))
    throw new TypeError(`idempotencyKeyHeaders is ${quoted(otherNames)}; it must be an array`);
  for (const name of otherNames) {
    if (typeof name === "string" && HEADER_NAME.test(name)) continue;
    throw new TypeError(`idempotencyKeyHeaders has ${quoted(name)}; give names of headers`);
  }
  const names = ["Idempotency-Key", ...otherNames].map((name) => [name, name.toLowerCase()] as const);
  return ({ headers }) => {
    const [name, at] = names.find(([, lowerCase]) => headers[lowerCase] !== undefined) ?? [];
    return at === undefined ? undefined : idempotencyKey(headers[at], name);
  };
}

/**
 * Returns the key in a header such as `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). The key is a quoted String,
 * or has no quotes.
 * @throws Problem 400 if the key is empty, too long or malformed
 */
export function idempotencyKey(
  sent: string | readonly string[] | undefined,
  name = "Idempotency-Key",
): string | undefined {
  if (sent === undefined) return undefined;
  const header = String(sent);
  const key = header === "" ? header : contentOf(header, name).trim();
  if (key === "") throw refused(name, "is empty; send a key, or omit the header");
  if (key.length > LONGEST) throw refused(name, `has ${key.length} characters; the limit is ${LONGEST}`);
  return key;
}

function contentOf(header: string, name: string): string {
  const content = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, "$1") ?? BARE.exec(header)?.[0];
  if (content !== undefined) return content;
  throw refused(name, `is malformed; send one quoted ASCII string, as in ${name}: "order-17"`);
}

function refused(name: string, why: string): Problem {
  return new Problem(400, "EVT_INVALID_HEADER", `${name} ${why}`);
}
