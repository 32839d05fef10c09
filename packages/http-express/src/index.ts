export type { OnError } from "./answer-error.js";
export type { Authenticate, Caller } from "./authenticate.js";
export { Forbidden } from "./authenticate.js";
export type { EventRouterOptions } from "./event-router.js";
export { createEventRouter } from "./event-router.js";
export type { HealthRouterOptions } from "./health-router.js";
export { createHealthRouter } from "./health-router.js";
export type { RequestLimits } from "./limits.js";
export type { ProblemCode } from "./problem.js";
