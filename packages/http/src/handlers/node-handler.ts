import type { IncomingMessage, ServerResponse } from "node:http";
import { NodeExchange } from "../node/node-exchange.js";
import { createEventRoutes, type EventRoutesOptions } from "../routes/event-routes.js";
import { type FindRoute, noSuchPath } from "../routes/find-route.js";
import { createHealthRoutes, type HealthRoutesOptions } from "../routes/health-routes.js";
import { type BasePathOption, withoutBase } from "./base-path.js";

/**
 * Serves a request of `node:http`. For a path that is not evt's, calls `next`. Without `next`, responds with 404.
 * `NodeHandler` is also a middleware of Express, Connect and similar frameworks.
 */
export type NodeHandler = (req: IncomingMessage, res: ServerResponse, next?: () => void) => void;

/** Options of `toNodeHandler`. */
export interface NodeHandlerOptions extends EventRoutesOptions<IncomingMessage>, BasePathOption {}

/** Options of `toNodeHealthHandler`. */
export interface NodeHealthHandlerOptions extends HealthRoutesOptions, BasePathOption {}

/**
 * Creates a handler for `node:http` with the event routes.
 *
 * @example
 * ```ts
 * createServer(serverLimits, toNodeHandler({ evt, authenticate, basePath: "/api" })).listen(3000);
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function toNodeHandler(options: NodeHandlerOptions): NodeHandler {
  const { find } = createEventRoutes(options, "toNodeHandler", ["basePath"]);
  return nodeHandler(find, options);
}

/**
 * Creates a handler for `node:http` with `GET /live` and `GET /ready`. It is separate from `toNodeHandler`, so that probes
 * need no authentication.
 *
 * @example
 * ```ts
 * const health = toNodeHealthHandler({ evt, basePath: "/health" });
 * const events = toNodeHandler({ evt, authenticate, basePath: "/api" });
 * createServer(serverLimits, (req, res) => health(req, res, () => events(req, res)));
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function toNodeHealthHandler(options: NodeHealthHandlerOptions): NodeHandler {
  const { find } = createHealthRoutes(options, "toNodeHealthHandler", ["basePath"]);
  return nodeHandler(find, options);
}

function nodeHandler(find: FindRoute<IncomingMessage>, { basePath }: BasePathOption): NodeHandler {
  const strip = withoutBase(basePath);
  return (req, res, next) => {
    const { method = "", url: sent = "" } = req;
    const url = strip(sent);
    const found = url === undefined ? undefined : find(method, url);
    if (found === undefined && next !== undefined) return next();
    const { respond, id } = found ?? { respond: noSuchPath, id: "" };
    const { body: parsedBody } = req as { readonly body?: unknown };
    void respond(new NodeExchange(req, res, { native: req, url: url ?? sent, id, parsedBody }));
  };
}
