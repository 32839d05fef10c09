import type { Authenticate as AuthenticateOf, OnError as OnErrorOf } from "@evt/http";
import { createEventRoutes, type EventRoutes, type EventRoutesOptions, NodeExchange } from "@evt/http";
import { type ErrorRequestHandler, type Request, Router } from "express";
import { handler, mount } from "./mount.js";

/** Tells who calls, from Express's request. */
export type Authenticate = AuthenticateOf<Request>;

/** Called with every error that led to a 5xx, its `cause`, and Express's request. */
export type OnError = OnErrorOf<Request>;

/** Options of `createEventRouter`. */
export interface EventRouterOptions extends EventRoutesOptions<Request> {}

/**
 * The routes over the events of an evt, for any mount path. Mount it before `express.json()`: it reads bodies itself,
 * to keep every digit and every letter as sent.
 * @throws TypeError where an option is missing, unknown or cannot be meant
 */
export function createEventRouter(options: EventRouterOptions): Router {
  const events = createEventRoutes<Request>(options, "createEventRouter");
  // strict: a rule of a proxy for a path must hold for every spelling that is served
  const router = Router({ caseSensitive: true, strict: true });
  mount(router, events.routes);
  router.all(events.ownPaths, handler(events.noSuchPath));
  router.use(errorHandler(events));
  return router;
}

/** Four parameters make it an error handler. */
function errorHandler({ frameworkError }: EventRoutes<Request>): ErrorRequestHandler {
  return (error: unknown, req, res, _next) => frameworkError(error, new NodeExchange(req, res));
}
