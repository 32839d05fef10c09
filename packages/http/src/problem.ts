import type { EvtErrorCode } from "@evt/core";

/** Why a request was refused. The codes are stable. The text in a problem's `detail` may change. */
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

/** Thrown to refuse a request. The client receives a problem details response, whose `detail` is the message. */
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

/** The number of seconds after which the client should try again (RFC 9110, section 10.2.3). */
const RETRY_AFTER = { "Retry-After": "1" };

/** Creates a 503 that asks the client to try again. */
export function unavailable(code: ProblemCode, detail: string, headers?: ProblemOptions["headers"]): Problem {
  return new Problem(503, code, detail, { headers: { ...RETRY_AFTER, ...headers } });
}
