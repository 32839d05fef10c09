import { Problem } from "../problem.js";
import type { Respond } from "../responses/exchange.js";
import { problemResponse } from "../responses/problem-response.js";

/** Responds to `OPTIONS` with the supported methods, and to every other method with 405 (RFC 9110, section 15.5.6). */
export function methodNotAllowed(...methods: readonly string[]): Respond<unknown> {
  const headers = { Allow: methods.join(", ") };
  const problem = (method: string) =>
    new Problem(
      405,
      "EVT_METHOD_NOT_ALLOWED",
      `this path does not support ${method}; it supports ${headers.Allow}`,
      {
        headers,
      },
    );
  return async (exchange) => {
    if (exchange.method === "OPTIONS") return exchange.send({ status: 204, headers, body: "" });
    exchange.send(problemResponse(problem(exchange.method)));
  };
}
