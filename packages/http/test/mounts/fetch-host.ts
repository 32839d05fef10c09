import type { TestRequest } from "../contract/mount.js";

/** Returns the parts that tests see of a request of the Fetch API. */
export function seenRequest({ method, url, headers }: Request): TestRequest {
  return { method, url, get: (name) => headers.get(name) ?? undefined };
}

const JOINED = "the Fetch API joins repeated headers";
const CONNECTION = "the Fetch API does not show connections, so evt cannot close one";

/** The tests that no host with the Fetch API can pass. */
export const fetchExceptions: Readonly<Record<string, string>> = {
  "never receives a request with two Authorization headers, of which Node would drop one": JOINED,
  "Idempotency-Key is refused if it is sent twice": JOINED,
  "Content-Type is refused if it is sent twice": JOINED,
  "Content-Encoding is refused if it is sent twice": JOINED,
  "Origin is refused if it is sent twice": JOINED,
  "Sec-Fetch-Site is refused if it is sent twice": JOINED,
  "is refused if an attribute is sent twice": JOINED,
  "that announces a body that is too large gets a 413 before it sends the body": CONNECTION,
  "is disconnected if it pipelines more than 32 requests, and none of them holds memory": CONNECTION,
  "requests: addresses have shares until authenticate returns": "the Fetch API does not show addresses",
};
