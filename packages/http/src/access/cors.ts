import { checkFlag, checkKnown, checkWhole, quoted } from "@evt/core/adapter";
import type { HttpRequest } from "../http-request.js";
import { checkedOrigin } from "./cross-site.js";

/** Lets pages of other origins send requests and read responses (CORS, Fetch standard). */
export interface CorsOptions {
  /** The origins of the pages, such as `https://app.example.com`. They also count as `allowedOrigins`. */
  readonly origins: readonly string[];
  /** Whether browsers may send cookies. @defaultValue false */
  readonly credentials?: boolean | undefined;
  /** How long a browser may reuse the response to a preflight, in seconds. @defaultValue 7,200 */
  readonly maxAgeSeconds?: number | undefined;
}

/** Returns the headers of CORS for a response. `sent` has the other headers of the response. */
export type CorsHeaders = (
  req: Pick<HttpRequest, "method" | "headers">,
  sent: Readonly<Record<string, string>>,
) => Readonly<Record<string, string>>;

const OPTIONS = Object.keys({ origins: true, credentials: true, maxAgeSeconds: true } satisfies Record<
  keyof CorsOptions,
  true
>);

/** The headers that a page can read, in addition to the CORS-safelisted response headers. */
const EXPOSED =
  "ETag, Idempotent-Replayed, Link, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, traceparent, WWW-Authenticate, X-Request-Id";

/** A list of header names of at most 4,096 characters. */
const NAMES = /^[\w!#$%&'*+.^`|~, -]{1,4096}$/;

/**
 * Returns the function that computes the CORS headers of a response. For an origin that is not listed, the only header is `Vary`,
 * so that browsers do not let the page read the response.
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function corsHeaders(options: CorsOptions): CorsHeaders {
  checkKnown("cors", options, OPTIONS);
  const { origins, credentials = false, maxAgeSeconds = 7_200 } = options;
  if (!Array.isArray(origins)) throw new TypeError(`cors.origins is ${quoted(origins)}; it must be an array`);
  const allowed = new Set(origins.map((origin) => checkedOrigin("cors.origins", origin)));
  checkFlag("cors.credentials", credentials);
  checkWhole("cors.maxAgeSeconds", maxAgeSeconds, 0);
  return ({ method, headers }, sent) => {
    const { origin } = headers;
    const isPreflight = method === "OPTIONS" && headers["access-control-request-method"] !== undefined;
    const vary = [sent.Vary, "Origin", isPreflight && "Access-Control-Request-Headers"]
      .filter(Boolean)
      .join(", ");
    if (origin === undefined || !allowed.has(origin)) return { Vary: vary };
    return {
      Vary: vary,
      "Access-Control-Allow-Origin": origin,
      ...(credentials && { "Access-Control-Allow-Credentials": "true" }),
      ...(isPreflight
        ? preflightHeaders(sent.Allow, headers["access-control-request-headers"], maxAgeSeconds)
        : { "Access-Control-Expose-Headers": EXPOSED }),
    };
  };
}

/** Allows the headers that the page asks for, because `authenticate` may read any of them. */
function preflightHeaders(methods: string | undefined, names: string | undefined, maxAgeSeconds: number) {
  return {
    ...(methods !== undefined && { "Access-Control-Allow-Methods": methods }),
    ...(names !== undefined && NAMES.test(names) && { "Access-Control-Allow-Headers": names }),
    "Access-Control-Max-Age": String(maxAgeSeconds),
  };
}
