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
export type { Authenticate, EventPluginOptions, OnError } from "./event-plugin.js";
export { eventPlugin } from "./event-plugin.js";
export type { HealthPluginOptions } from "./health-plugin.js";
export { healthPlugin } from "./health-plugin.js";
