import type { HttpResponse } from "./http-response.js";

/** Returns all headers of a response. `length` is the number of bytes of its body, or `undefined` if it is not known. */
export function responseHeaders(
  { headers }: Pick<HttpResponse, "headers">,
  length: number | undefined,
): Record<string, string | number> {
  return {
    "Content-Type": "application/json",
    ...(length !== undefined && { "Content-Length": length }),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  };
}
