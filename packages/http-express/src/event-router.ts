import type { Authenticate as AuthenticateOf, OnError as OnErrorOf } from "@evt/http";
import { createEventRoutes, type EventRoutes, type EventRoutesOptions, NodeExchange } from "@evt/http";
import { type ErrorRequestHandler, type Request, Router } from "express";
import { handler, mount } from "./mount.js";

/** Returns the caller of an Express request. See `Authenticate` of `@evt/http`: `null` or `undefined` becomes a 401, a thrown `Forbidden` a 403. */
export type Authenticate = AuthenticateOf<Request>;

/** Called with every error that led to a 5xx. The error has its `cause`. The second argument is the Express request. */
export type OnError = OnErrorOf<Request>;

/** Options of `createEventRouter`. */
export interface EventRouterOptions extends EventRoutesOptions<Request> {}

/**
 * Creates a router for Express 4 or 5 with the routes of an evt, for any mount path. Mount it before `express.json()`: the
 * router must read bodies itself to store raw events exactly as sent.
 *
 * @example
 * ```ts
 * app.use("/api", createEventRouter({
 *   evt,
 *   authenticate: (req) => keys.get(req.get("X-Api-Key") ?? ""), // { tenantId, clientId? }, or undefined: 401
 * }));
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createEventRouter(options: EventRouterOptions): Router {
  const events = createEventRoutes<Request>(options, "createEventRouter");
  // strict: `/Events` and `/events/` are not served, so a proxy's rule for `/events` cannot be bypassed
  const router = Router({ caseSensitive: true, strict: true });
  mount(router, events.routes);
  router.all(events.ownPaths, handler(events.noSuchPath));
  router.use(errorHandler(events));
  return router;
}

/** Has four parameters, because Express recognizes an error handler by them. */
function errorHandler({ frameworkError }: EventRoutes<Request>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => frameworkError(error, new NodeExchange(req, res));
}
