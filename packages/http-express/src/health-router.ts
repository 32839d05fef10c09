import { createHealthRoutes, type HealthRoutesOptions } from "@evt/http";
import { Router } from "express";
import { mount } from "./mount.js";

/** Options of `createHealthRouter`. */
export interface HealthRouterOptions extends HealthRoutesOptions {}

/**
 * `GET /live`: whether the process answers; it touches nothing. `GET /ready`: whether it can take events now.
 * A router of its own, so that no login stands in front of it.
 * @throws TypeError where an option is unknown
 */
export function createHealthRouter(options: HealthRouterOptions): Router {
  const router = Router();
  mount(router, createHealthRoutes(options, "createHealthRouter"));
  return router;
}
