import type { HttpRequest } from "../http-request.js";
import { Problem } from "../problem.js";

/** Headers with a single value. Sent twice, Node joins some of them and drops the second of others. */
const SINGLE: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-type",
  "host",
  "idempotency-key",
  "origin",
  "sec-fetch-site",
]);
/** Checked first: most headers have another length. */
const LENGTHS: ReadonlySet<number> = new Set([...SINGLE].map(({ length }) => length));

/** Attributes of a CloudEvent, one header each. */
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
