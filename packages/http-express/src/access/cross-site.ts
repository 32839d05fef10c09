import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { requireJson } from "../body/media-type.js";
import { rejectUnknown } from "../known-options.js";
import { send } from "../node/send.js";
import { Problem, problemReply } from "../problem.js";

export interface CrossSiteOptions {
  /** Origins of other sites whose pages may change something here: `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[];
}

/** Refuses a request that a page of another site may have made. @throws Problem 403, 415 */
export type RequireOwnSite = (req: IncomingMessage) => void;

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * For the POST, PUT and DELETE routes of a host: refuses what a page of another site may have made a browser send. GET,
 * HEAD and OPTIONS pass: they must not change anything. `createEventRouter` does this by itself.
 * @throws TypeError where an option is unknown, or names no origin
 */
export function refuseCrossSite(options: CrossSiteOptions = {}): RequestHandler {
  rejectUnknown(options, ["allowedOrigins"], "refuseCrossSite");
  const requireOwnSite = ownSiteRule(options.allowedOrigins);
  return (req, res, next) => {
    try {
      requireOwnSite(req);
    } catch (error) {
      if (error instanceof Problem) return send(req, res, problemReply(error));
      throw error;
    }
    next();
  };
}

/**
 * The rule. A browser vouches for its page by Sec-Fetch-Site, an older one by Origin; neither can be forged by a page.
 * Where both are absent it is another client, or a browser that sends neither: then the request must have what a page
 * cannot add without asking first (Fetch, "CORS-safelisted request-header"). A form can omit its Content-Type, so an
 * absent one is refused too.
 */
export function ownSiteRule(allowedOrigins: readonly string[] = []): RequireOwnSite {
  const allowed = new Set(allowedOrigins.map(checkedOrigin));
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
    const isVouchedFor = site !== undefined || origin !== undefined;
    if (type !== undefined || !(isVouchedFor || headers["x-requested-with"] !== undefined)) requireJson(type);
  };
}

function isSameHost(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  // with the protocol of the page, so that its default port may be there or not
  const own = `${url.protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === url.host && url.host !== "";
}

function crossSite(what: string): Problem {
  const detail = `${what}: pages of other sites may not change anything here, unless the server allows their origin`;
  return new Problem(403, "EVT_CROSS_SITE", detail);
}

function checkedOrigin(origin: unknown): string {
  if (typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new TypeError(
    `allowedOrigins has ${JSON.stringify(origin)}; give origins such as "https://app.example.com", without a path`,
  );
}
