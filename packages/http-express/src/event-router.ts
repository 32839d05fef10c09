import type { Authenticate as AuthenticateOf, OnError as OnErrorOf } from "@evt/http";
import { createEventRoutes, type EventRoutesOptions } from "@evt/http";
import type { Request, Router } from "express";
import { routerOf } from "./router-of.js";

/**
 * Returns the caller of an Express request. `null` or `undefined` becomes a 401. A thrown `Problem` is sent as it is. A
 * thrown `Forbidden` becomes a 403. An `EvtError` gets its usual status. Any other error becomes a 500.
 */
export type Authenticate = AuthenticateOf<Request>;

/**
 * Called with the error that led to a 5xx response, and with the Express request. `error.cause` is the underlying error, if
 * there is one.
 */
export type OnError = OnErrorOf<Request>;

/** Options of `createEventRouter`. */
export interface EventRouterOptions extends EventRoutesOptions<Request> {}

/**
 * Creates a router for Express 4 or 5 with the routes of an evt. You can mount it at any path. Mount it before
 * `express.json()`, because the router must read bodies itself to store raw events exactly as sent.
 *
 * @example
 * ```ts
 * app.use("/api", createEventRouter({
 *   evt,
 *   authenticate: (req) => keys.get(req.get("X-Api-Key") ?? ""), // { tenantId, clientId?, scopes? }, or undefined: 401
 * }));
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createEventRouter(options: EventRouterOptions): Router {
  return routerOf(createEventRoutes(options, "createEventRouter").find);
}
