import { createHealthRoutes, type HealthRoutesOptions } from "@evt/http";
import type { FastifyPluginAsync } from "fastify";
import { REGISTER_OPTIONS, serveFound } from "./serve-found.js";

/** Options of `healthPlugin`. */
export interface HealthPluginOptions extends HealthRoutesOptions {}

/**
 * A plugin for Fastify 5 with `GET /live` and `GET /ready`. `/live` always succeeds, and does not use the store. `/ready`
 * succeeds if the store can take events and the server is not shutting down. The plugin is separate from `eventPlugin`, so
 * that probes need no authentication.
 *
 * @example
 * ```ts
 * await app.register(healthPlugin, { prefix: "/health", evt });
 * ```
 * @throws TypeError from `register` or `ready`, if an option is missing, unknown or invalid
 */
export const healthPlugin: FastifyPluginAsync<HealthPluginOptions> = async (app, options) => {
  serveFound(app, createHealthRoutes(options, "healthPlugin", REGISTER_OPTIONS).find);
};
