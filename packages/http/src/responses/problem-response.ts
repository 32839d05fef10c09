import { STATUS_CODES } from "node:http";
import type { Problem } from "../problem.js";
import type { HttpResponse } from "./http-response.js";
import { type JsonText, joined } from "./json-text.js";

/** The statuses after which the same request may succeed later. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/**
 * Creates a problem details response (RFC 9457). `type` is `about:blank`, because `status` and `code` identify the problem.
 * @param more - JSON source of further members, without braces.
 */
export function problemResponse(problem: Problem): HttpResponse<string>;
export function problemResponse(problem: Problem, more: JsonText): HttpResponse;
export function problemResponse({ status, code, message, options }: Problem, more?: JsonText): HttpResponse {
  const { headers, parameter, scope } = options;
  const title = STATUS_CODES[status] ?? "Error";
  const detail = message;
  const retryable = RETRYABLE.has(status);
  const members = JSON.stringify({
    type: "about:blank",
    title,
    status,
    code,
    detail,
    retryable,
    parameter,
    scope,
  });
  const body = more === undefined ? members : joined(`${members.slice(0, -1)},`, more, "}");
  return { status, headers: { ...headers, "Content-Type": "application/problem+json" }, body };
}
