export type {
  Caller,
  CorsOptions,
  CrossSiteOptions,
  Drain,
  DrainOptions,
  ProblemCode,
  ProblemOptions,
  RequestLimits,
  Scope,
} from "@evt/http";
export { createDrain, Forbidden, Problem, refuseCrossSite, serverLimits } from "@evt/http";
export type { Authenticate, EventRouterOptions, OnError } from "./event-router.js";
export { createEventRouter } from "./event-router.js";
export type { HealthRouterOptions } from "./health-router.js";
export { createHealthRouter } from "./health-router.js";
