import { FetchExchange } from "../fetch/fetch-exchange.js";
import { createEventRoutes, type EventRoutesOptions } from "../routes/event-routes.js";
import { type FindRoute, noSuchPath } from "../routes/find-route.js";
import { createHealthRoutes, type HealthRoutesOptions } from "../routes/health-routes.js";
import { type BasePathOption, withoutBase } from "./base-path.js";

/** Serves a request of the Fetch API. A path that is not evt's gets a 404. The promise never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Options of `toFetchHandler`. */
export interface FetchHandlerOptions extends EventRoutesOptions<Request>, BasePathOption {}

/** Options of `toFetchHealthHandler`. */
export interface FetchHealthHandlerOptions extends HealthRoutesOptions, BasePathOption {}

/**
 * Creates a handler for hosts with the Fetch API, such as Hono, Next.js, Bun and Deno.
 *
 * @example
 * ```ts
 * const events = toFetchHandler({ evt, authenticate, basePath: "/api" });
 * app.all("/api/*", (c) => events(c.req.raw)); // Hono
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function toFetchHandler(options: FetchHandlerOptions): FetchHandler {
  const { find } = createEventRoutes(options, "toFetchHandler", ["basePath"]);
  return fetchHandler(find, options);
}

/**
 * Creates a handler for hosts with the Fetch API, with `GET /live` and `GET /ready`. It is separate from `toFetchHandler`, so
 * that probes need no authentication.
 *
 * @example
 * ```ts
 * const health = toFetchHealthHandler({ evt, basePath: "/health" });
 * app.get("/health/*", (c) => health(c.req.raw)); // Hono
 * ```
 * @throws TypeError if an option is missing, unknown or invalid
 */
export function toFetchHealthHandler(options: FetchHealthHandlerOptions): FetchHandler {
  const { find } = createHealthRoutes(options, "toFetchHealthHandler", ["basePath"]);
  return fetchHandler(find, options);
}

function fetchHandler(find: FindRoute<Request>, { basePath }: BasePathOption): FetchHandler {
  const strip = withoutBase(basePath);
  return async (request) => {
    const url = strip(request.url);
    const found = url === undefined ? undefined : find(request.method, url);
    const { respond, id } = found ?? { respond: noSuchPath, id: "" };
    const exchange = new FetchExchange(request, { url: url ?? "/", id });
    // a streamed response continues after it has begun
    await Promise.race([respond(exchange), exchange.begun]);
    return exchange.response;
  };
}
