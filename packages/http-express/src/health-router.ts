import { createHealthRoutes, type HealthRoutesOptions } from "@evt/http";
import { Router } from "express";
import { mount } from "./mount.js";

/** Options of `createHealthRouter`. */
export interface HealthRouterOptions extends HealthRoutesOptions {}

/**
 * Makes an Express router with `GET /live` (the process responds; the store is not used) and `GET /ready` (the store
 * accepts events). It is separate from `createEventRouter` so that probes need no authentication.
 *
 * @example
 * ```ts
 * app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function createHealthRouter(options: HealthRouterOptions): Router {
  const router = Router();
  mount(router, createHealthRoutes(options, "createHealthRouter"));
  return router;
}
