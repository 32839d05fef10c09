import type { HttpResponse } from "./http-response.js";

/** Returns all headers of a response whose body has `length` bytes. */
export function responseHeaders(
  { headers }: Pick<HttpResponse, "headers">,
  length: number,
): Record<string, string | number> {
  return {
    "Content-Type": "application/json",
    "Content-Length": length,
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  };
}
