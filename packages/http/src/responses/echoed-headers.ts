import type { IncomingHttpHeaders } from "node:http";
import type { HttpResponse } from "./http-response.js";

/** The headers that identify a request, and the forms of their valid values. */
const ECHOED: readonly (readonly [name: string, lowerCase: string, value: RegExp])[] = [
  ["X-Request-Id", "x-request-id", /^[\w.:/+=@-]{1,128}$/],
  // Trace Context, section 3.2
  ["traceparent", "traceparent", /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}$/],
];

/**
 * Returns the response with the headers of the request that identify it. Omits a header if its value is invalid, or if the host
 * has set this header.
 */
export function withEchoedHeaders<Response extends Pick<HttpResponse, "headers">>(
  response: Response,
  sent: IncomingHttpHeaders,
  isSet: (name: string) => boolean,
): Response {
  let headers: HttpResponse["headers"] = response.headers;
  for (const [name, lowerCase, valid] of ECHOED) {
    const value = sent[lowerCase];
    if (typeof value === "string" && valid.test(value) && !isSet(name))
      headers = { [name]: value, ...headers };
  }
  return headers === undefined || headers === response.headers ? response : { ...response, headers };
}
