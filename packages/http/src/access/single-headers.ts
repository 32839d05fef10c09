import type { HttpRequest } from "../http-request.js";
import { Problem } from "../problem.js";

/**
 * Headers with a single value. If a header is sent twice, Node joins the two values or drops the second, depending on
 * the header.
 */
const SINGLE: ReadonlySet<string> = new Set([
  "authorization",
  "content-encoding",
  "content-type",
  "host",
  "idempotency-key",
  "origin",
  "sec-fetch-site",
]);
/**
 * The lengths of these names. A header's length is checked first: this is fast, and most headers have another length.
 */
const LENGTHS: ReadonlySet<number> = new Set([...SINGLE].map(({ length }) => length));

/** Matches a header that has one attribute of a CloudEvent. */
const ATTRIBUTE = /^ce-/i;

/** @throws Problem 400 if a single-valued header is sent more than once */
export function requireSingleHeaders({ rawHeaders }: Pick<HttpRequest, "rawHeaders">): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i] ?? "";
    if (!LENGTHS.has(given.length) && !ATTRIBUTE.test(given)) continue;
    const name = given.toLowerCase();
    if (!SINGLE.has(name) && !ATTRIBUTE.test(name)) continue;
    if (seen.has(name))
      throw new Problem(400, "EVT_INVALID_HEADER", `${given} is sent more than once; send it once`);
    seen.add(name);
  }
}
