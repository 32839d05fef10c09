import type { IncomingMessage } from "node:http";
import { Problem } from "./problem.js";

/** Node joins some of these where they come twice, and drops the second of others: either way it guesses. */
const SINGLE: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-type",
  "host",
  "idempotency-key",
  "origin",
  "sec-fetch-site",
]);

/** @throws Problem 400 where a header that has one value is sent more than once */
export function requireSingleHeaders({ rawHeaders }: IncomingMessage): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen.has(name))
      throw new Problem(400, "EVT_INVALID_HEADER", `${rawHeaders[i]} is sent more than once; send it once`);
    seen.add(name);
  }
}
