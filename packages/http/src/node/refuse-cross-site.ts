import type { IncomingMessage, ServerResponse } from "node:http";
import { checkKnown } from "@evt/core/adapter";
import { ownSiteRule } from "../access/cross-site.js";
import { isProblem } from "../problem.js";
import { problemResponse } from "../responses/problem-response.js";
import { send } from "./send.js";

/** Options of `refuseCrossSite`. */
export interface CrossSiteOptions {
  /** Origins of other sites whose pages may send requests, such as `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
}

const OPTIONS = Object.keys({ allowedOrigins: true } satisfies Record<keyof CrossSiteOptions, true>);

/** A middleware for Express, Connect and similar frameworks. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/**
 * Creates a middleware for the host's own routes. It refuses a request that may come from a page of another site. GET, HEAD
 * and OPTIONS requests pass, because they must not change anything. `createEventRouter` has this check built in.
 *
 * @example
 * ```ts
 * app.use("/admin", refuseCrossSite({ allowedOrigins: ["https://app.example.com"] }), adminRoutes);
 * ```
 * @throws TypeError if an option is unknown or an origin is invalid
 */
export function refuseCrossSite(options: CrossSiteOptions = {}): Middleware {
  checkKnown("refuseCrossSite", options, OPTIONS);
  const requireOwnSite = ownSiteRule(options.allowedOrigins);
  return (req, res, next) => {
    try {
      requireOwnSite({ method: req.method ?? "", headers: req.headers });
    } catch (error) {
      if (isProblem(error)) return send(req, res, problemResponse(error));
      throw error;
    }
    next();
  };
}
