import type { IncomingMessage, ServerResponse } from "node:http";
import { ownSiteRule } from "../access/cross-site.js";
import { rejectUnknown } from "../known-options.js";
import { Problem } from "../problem.js";
import { problemResponse } from "../responses/problem-response.js";
import { send } from "./send.js";

export interface CrossSiteOptions {
  /** Origins of other sites whose pages may change something here: `https://app.example.com`. @defaultValue none */
  readonly allowedOrigins?: readonly string[];
}

/** A middleware of Express, Connect and the like. */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: () => void) => void;

/**
 * For the POST, PUT and DELETE routes of a host: refuses what a page of another site may have made a browser send. GET,
 * HEAD and OPTIONS pass: they must not change anything. `createEventRouter` does this by itself.
 * @throws TypeError where an option is unknown, or names no origin
 */
export function refuseCrossSite(options: CrossSiteOptions = {}): Middleware {
  rejectUnknown(options, ["allowedOrigins"], "refuseCrossSite");
  const requireOwnSite = ownSiteRule(options.allowedOrigins);
  return (req, res, next) => {
    try {
      requireOwnSite({ method: req.method ?? "", headers: req.headers });
    } catch (error) {
      if (error instanceof Problem) return send(req, res, problemResponse(error));
      throw error;
    }
    next();
  };
}
