import type { EvtErrorCode } from "@evt/core";

/** The code of a problem response. Codes are stable. The `detail` of a problem may change. */
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
  | "EVT_INVALID_BODY"
  | "EVT_INVALID_HEADER"
  | "EVT_INVALID_PATH"
  | "EVT_KEY_CONFLICT"
  | "EVT_KEY_NOT_LIVE"
  | "EVT_METHOD_NOT_ALLOWED"
  | "EVT_NOT_ACCEPTABLE"
  | "EVT_NOT_FOUND"
  | "EVT_NOTHING_COUNTED"
  | "EVT_RATE_LIMITED"
  | "EVT_SCOPE_MISSING"
  | "EVT_TOO_MANY_EVENTS"
  | "EVT_UNAUTHENTICATED"
  | "EVT_UNSUPPORTED_ENCODING"
  | "EVT_UNSUPPORTED_MEDIA_TYPE";

/** Further parts of a problem response. */
export interface ProblemOptions {
  /** Headers of the response, such as `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The query parameter that is wrong. */
  readonly parameter?: string | undefined;
  /** The scope that the caller does not have. */
  readonly scope?: string | undefined;
}

const brand = Symbol.for("evt.http.problem");

/** A header value without control characters (RFC 9110, section 5.5). */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Headers that only evt may set, because they describe the body. */
const OWN_HEADER = /^(?:content-.*|transfer-encoding)$/i;

/**
 * Thrown to refuse a request. The client receives a problem details response (RFC 9457), whose `detail` is the message.
 * Throw it in `authenticate` to send any status from 400 to 599.
 *
 * @example
 * ```ts
 * throw new Problem(429, "TOO_MANY_REQUESTS", "at most 100 requests a minute", { headers: { "Retry-After": "30" } });
 * ```
 */
export class Problem extends Error {
  /** Checked instead of `instanceof`, because a process may have two copies of this package. */
  readonly [brand] = true;
  /** The HTTP status: 400 to 599. */
  readonly status: number;
  /** One of evt's codes, or a code of your own. */
  readonly code: ProblemCode | (string & {});
  /** The headers of the response, and further members of the problem. */
  readonly options: ProblemOptions;

  /** @throws TypeError if the status is not from 400 to 599, or a header cannot be sent */
  constructor(
    status: number,
    code: ProblemCode | (string & {}),
    detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.options = options;
    if (!Number.isInteger(status) || status < 400 || status > 599)
      throw new TypeError(`the status of a problem is ${status}; it must be from 400 to 599`);
    for (const [name, value] of Object.entries(options.headers ?? {}))
      if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value) || OWN_HEADER.test(name))
        throw new TypeError(`the header ${JSON.stringify(name)} of a problem cannot be sent`);
  }
}

/** Returns whether an error is a {@link Problem}. */
export function isProblem(error: unknown): error is Problem {
  return error instanceof Error && brand in error;
}

/** The number of seconds after which the client should try again (RFC 9110, section 10.2.3). */
const RETRY_AFTER = { "Retry-After": "1" };

/** Creates a 503 that asks the client to try again. */
export function unavailable(
  code: Problem["code"],
  detail: string,
  headers?: ProblemOptions["headers"],
): Problem {
  return new Problem(503, code, detail, { headers: { ...RETRY_AFTER, ...headers } });
}
