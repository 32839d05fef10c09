import { quoted } from "@evt/core/adapter";
import { isNdjson, requireJson, type SafelistedType, safelistedType } from "../body/media-type.js";
import type { HttpRequest } from "../http-request.js";
import { Problem } from "../problem.js";

/** Refuses a request that may come from a page of another site. @throws Problem 403, 415 */
export type RequireOwnSite = (req: Pick<HttpRequest, "method" | "headers">) => void;

/**
 * Headers that a page of another site cannot send without a preflight. `ce-specversion` is one, because a CloudEvent
 * without data has no Content-Type.
 */
const PREFLIGHTED = ["x-requested-with", "ce-specversion"];

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Returns the check for routes. Browsers send Sec-Fetch-Site, which says whether the page has the server's origin. Older
 * browsers send only the page's origin, in Origin. A page cannot forge these headers. If both are absent, the request must
 * have a header that a page cannot send without a preflight (Fetch, "CORS-safelisted request-header"). A form can be sent
 * without a Content-Type, so a missing Content-Type is not enough. If there is a Content-Type, it must be JSON, NDJSON or an
 * accepted type. A page cannot send JSON or NDJSON without a preflight.
 * @param accepted - Further types. `text/plain` needs one of the headers above. A form does not, because webhook senders do not
 * send these headers.
 * @throws TypeError if an origin is invalid
 */
export function ownSiteRule(
  allowedOrigins: readonly string[] = [],
  accepted: readonly SafelistedType[] = [],
): RequireOwnSite {
  const allowed = new Set(allowedOrigins.map((origin) => checkedOrigin("allowedOrigins", origin)));
  return ({ method, headers }) => {
    if (SAFE_METHODS.has(method)) return;
    const { origin, host = "", "content-type": type } = headers;
    const site = headers["sec-fetch-site"];
    const isOwn = site === "same-origin" || site === "none";
    const isAllowed = origin !== undefined && allowed.has(origin);
    if (site !== undefined && !isOwn && !isAllowed)
      throw crossSite(`Sec-Fetch-Site is ${JSON.stringify(site)}`);
    if (site === undefined && origin !== undefined && !isAllowed && !isSameHost(origin, host))
      throw crossSite(`Origin is ${JSON.stringify(origin)} and Host is ${JSON.stringify(host)}`);
    const isVouchedFor =
      site !== undefined || origin !== undefined || PREFLIGHTED.some((name) => name in headers);
    const safelisted = safelistedType(type, accepted);
    if (safelisted !== undefined && (isVouchedFor || safelisted !== "text/plain")) return;
    if ((type !== undefined || !isVouchedFor) && !isNdjson(type)) requireJson(type);
  };
}

function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  // parsed with the page's protocol, because Host may include or omit the protocol's default port
  const own = `${url.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === url.host && url.host !== "";
}

function crossSite(what: string): Problem {
  const detail = `${what}: pages of other sites may not change anything here unless the server allows their origin`;
  return new Problem(403, "EVT_CROSS_SITE", detail);
}

/** @throws TypeError unless `origin` is an origin. `option` is the name of the option that has it. */
export function checkedOrigin(option: string, origin: unknown): string {
  if (typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new TypeError(
    `${option} has ${quoted(origin)}; give origins such as "https://app.example.com", without a path`,
  );
}
