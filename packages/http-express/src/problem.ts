import { STATUS_CODES } from "node:http";
import type { EvtErrorCode } from "@evt/core";
import { type JsonText, joined } from "./responses/json-text.js";
import type { Reply } from "./responses/response.js";

/** Why a request was not done. Codes are stable; details are for people and may change. */
export type ProblemCode =
  | EvtErrorCode
  | "EVT_BODY_EMPTY"
  | "EVT_BODY_NOT_ENCODED"
  | "EVT_BODY_NOT_JSON"
  | "EVT_BODY_NOT_UTF8"
  | "EVT_BODY_TOO_DEEP"
  | "EVT_BODY_TOO_LARGE"
  | "EVT_BODY_TOO_SLOW"
  | "EVT_CROSS_SITE"
  | "EVT_DRAINING"
  | "EVT_EVENT_TOO_LARGE"
  | "EVT_INVALID_HEADER"
  | "EVT_INVALID_PATH"
  | "EVT_METHOD_NOT_ALLOWED"
  | "EVT_NOT_FOUND"
  | "EVT_NOTHING_COUNTED"
  | "EVT_TOO_MANY_EVENTS"
  | "EVT_UNAUTHENTICATED"
  | "EVT_UNSUPPORTED_ENCODING"
  | "EVT_UNSUPPORTED_MEDIA_TYPE";

export interface ProblemOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The query parameter that is wrong. */
  readonly parameter?: string | undefined;
}

/** A request that is answered with problem details instead of being done. Its message is shown to the caller. */
export class Problem extends Error {
  readonly status: number;
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(status: number, code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.options = options;
  }
}

/**
 * Problem details (RFC 9457). `type` is `about:blank`: the status says the kind, `code` the reason.
 * `more` is JSON text of further members, without braces.
 */
export function problemReply({ status, code, message, options }: Problem): Reply<string>;
export function problemReply(problem: Problem, more: JsonText): Reply;
export function problemReply({ status, code, message, options }: Problem, more?: JsonText): Reply {
  const { headers, parameter } = options;
  const title = STATUS_CODES[status] ?? "Error";
  const members = JSON.stringify({ type: "about:blank", title, status, code, detail: message, parameter });
  const body = more === undefined ? members : joined(`${members.slice(0, -1)},`, more, "}");
  return { status, headers: { ...headers, "Content-Type": "application/problem+json" }, body };
}
