import type { Authenticate as AuthenticateOf, OnError as OnErrorOf } from "@evt/http";
import { createEventRoutes, type EventRoutesOptions } from "@evt/http";
import type { FastifyPluginAsync, FastifyRequest } from "fastify";
import { REGISTER_OPTIONS, serveFound } from "./serve-found.js";

/**
 * Returns the caller of a Fastify request. `null` or `undefined` becomes a 401. A thrown `Problem` is sent as it is. A thrown
 * `Forbidden` becomes a 403. An `EvtError` gets its usual status. Any other error becomes a 500.
 */
export type Authenticate = AuthenticateOf<FastifyRequest>;

/**
 * Called with the error that led to a 5xx response, and with the Fastify request. `error.cause` is the underlying error, if
 * there is one.
 */
export type OnError = OnErrorOf<FastifyRequest>;

/** Options of `eventPlugin`. */
export interface EventPluginOptions extends EventRoutesOptions<FastifyRequest> {}

/**
 * A plugin for Fastify 5 with the routes of an evt. You can register it with any `prefix`. It reads bodies itself, to store
 * raw events exactly as sent. The content type parsers of your own routes do not change.
 *
 * @example
 * ```ts
 * await app.register(eventPlugin, {
 *   prefix: "/api",
 *   evt,
 *   authenticate: (request) => keys.get(String(request.headers["x-api-key"])), // { tenantId, clientId? }, or undefined: 401
 * });
 * ```
 * @throws TypeError from `register` or `ready`, if an option is missing, unknown or invalid
 */
export const eventPlugin: FastifyPluginAsync<EventPluginOptions> = async (app, options) => {
  serveFound(app, createEventRoutes(options, "eventPlugin", REGISTER_OPTIONS).find);
};
