// Applications use an adapter such as @evt/http-express, which exports the types they need. The rest is for adapters.
export type { Authenticate, Caller } from "./access/authenticate.js";
export { Forbidden } from "./access/authenticate.js";
export type { CorsOptions } from "./access/cors.js";
export type {
  AdmittedRequest,
  EventBudget,
  RateLimitedRequest,
  RateLimits,
  ServedRequest,
} from "./access/rate-limits.js";
export type { Scope } from "./access/scopes.js";
export type { FetchExchangeOptions } from "./fetch/fetch-exchange.js";
export { FetchExchange } from "./fetch/fetch-exchange.js";
export type { BasePathOption, WithoutBase } from "./handlers/base-path.js";
export { withoutBase } from "./handlers/base-path.js";
export type {
  FetchHandler,
  FetchHandlerOptions,
  FetchHealthHandlerOptions,
} from "./handlers/fetch-handler.js";
export { toFetchHandler, toFetchHealthHandler } from "./handlers/fetch-handler.js";
export type { NodeHandler, NodeHandlerOptions, NodeHealthHandlerOptions } from "./handlers/node-handler.js";
export { toNodeHandler, toNodeHealthHandler } from "./handlers/node-handler.js";
export type { HttpRequest } from "./http-request.js";
export type { RequestLimits } from "./limits.js";
export type { Drain, DrainOptions, WebHandler } from "./node/drain.js";
export { createDrain } from "./node/drain.js";
export type { NodeExchangeOptions } from "./node/node-exchange.js";
export { NodeExchange } from "./node/node-exchange.js";
export type { CrossSiteOptions, Middleware } from "./node/refuse-cross-site.js";
export { refuseCrossSite } from "./node/refuse-cross-site.js";
export { serverLimits } from "./node/server-limits.js";
export type { ProblemCode, ProblemOptions } from "./problem.js";
export { Problem } from "./problem.js";
export type { OnError } from "./responses/error-response.js";
export type { Exchange, Respond } from "./responses/exchange.js";
export type { HttpResponse, StreamedResponse } from "./responses/http-response.js";
export type { DeliveryLimits } from "./responses/response-budget.js";
export type { EventRoutes, EventRoutesOptions } from "./routes/event-routes.js";
export { createEventRoutes } from "./routes/event-routes.js";
export type { ExtraEndpoint, ExtraRequest, ExtraResponse, ExtraRoute } from "./routes/extra-routes.js";
export type { FindRoute, FoundRoute } from "./routes/find-route.js";
export { noSuchPath } from "./routes/find-route.js";
export type { HealthRoutes, HealthRoutesOptions } from "./routes/health-routes.js";
export { createHealthRoutes } from "./routes/health-routes.js";
export type { Route } from "./routes/route.js";
export type { PaceLimits } from "./sharing/pace.js";
export { addressKey } from "./sharing/share-key.js";
export type { Share, Shortage } from "./sharing/shares.js";
