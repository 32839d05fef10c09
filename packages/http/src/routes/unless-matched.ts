import { createHash } from "node:crypto";
import type { HttpResponse } from "../responses/http-response.js";
import type { JsonText } from "../responses/json-text.js";
import type { Endpoint } from "./endpoint.js";

/** One entity tag, without `W/` (RFC 9110, section 8.8.3). */
const TAG = /"[!#-~\x80-\xff]*"/g;

/**
 * Adds a weak `ETag` to the responses of `handle`, except those in parts. If `If-None-Match` has this tag or is `*`, responds
 * with 304 instead (RFC 9110, section 13.1.2). A tag depends only on the body.
 */
export function unlessMatched(handle: Endpoint): Endpoint {
  return async (req, context) => {
    const response = await handle(req, context);
    if ("parts" in response) return response;
    const tag = tagOf(response.body);
    const headers = { ...response.headers, ETag: `W/${tag}` };
    return matches(req.headers["if-none-match"], tag) ? notModified(headers) : { ...response, headers };
  };
}

function tagOf(body: JsonText): string {
  const hash = createHash("sha256");
  for (const part of [body].flat()) hash.update(part);
  return `"${hash.digest("base64url")}"`;
}

/** Compares tags weakly: with and without `W/`, they are equal (RFC 9110, section 8.8.3.2). */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  const given: readonly string[] = header.match(TAG) ?? [];
  return given.includes(tag) || header.trim() === "*";
}

function notModified(headers: HttpResponse["headers"]): HttpResponse {
  return { status: 304, headers: { "Cache-Control": "no-store", ...headers }, body: "" };
}
