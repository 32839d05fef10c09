import { createHealthRoutes, type HealthRoutesOptions } from "@evt/http";
import type { Router } from "express";
import { routerOf } from "./router-of.js";

/** Options of `createHealthRouter`. */
export interface HealthRouterOptions extends HealthRoutesOptions {}

/**
 * Creates an Express router with `GET /live` and `GET /ready`. `/live` always succeeds, and does not use the store. `/ready`
 * succeeds if the store can take events and the server is not shutting down. The router is separate from
 * `createEventRouter`, so that probes need no authentication.
 *
 * @example
 * ```ts
 * app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createHealthRouter(options: HealthRouterOptions): Router {
  return routerOf(createHealthRoutes(options, "createHealthRouter").find);
}
