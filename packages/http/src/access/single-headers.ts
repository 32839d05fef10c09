import type { HttpRequest } from "../http-request.js";
import { Problem } from "../problem.js";

/** Node joins some of these where they come twice, and drops the second of others: either way it guesses. */
const SINGLE: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-type",
  "host",
  "idempotency-key",
  "origin",
  "sec-fetch-site",
]);
/** Looked at first: most headers are none of these. */
const LENGTHS: ReadonlySet<number> = new Set([...SINGLE].map(({ length }) => length));

/** @throws Problem 400 where a header that has one value is sent more than once */
export function requireSingleHeaders({ rawHeaders }: Pick<HttpRequest, "rawHeaders">): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const given = rawHeaders[i] ?? "";
    if (!LENGTHS.has(given.length)) continue;
    const name = given.toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name))
      throw new Problem(400, "EVT_INVALID_HEADER", `${given} is sent more than once; send it once`);
    seen.add(name);
  }
}
