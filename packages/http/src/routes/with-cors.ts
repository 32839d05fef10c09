import type { CorsHeaders } from "../access/cors.js";
import { DecoratedExchange } from "../responses/decorated-exchange.js";
import type { Respond } from "../responses/exchange.js";
import type { FindRoute } from "./find-route.js";

/** Adds the headers of CORS to every response of the found routes, including errors. */
export function withCors<R>(find: FindRoute<R>, corsHeaders: CorsHeaders): FindRoute<R> {
  const decorated =
    (respond: Respond<R>): Respond<R> =>
    (exchange) =>
      respond(
        new DecoratedExchange(exchange, (headers) => ({ ...headers, ...corsHeaders(exchange, headers) })),
      );
  return (method, url) => {
    const found = find(method, url);
    return found && { ...found, respond: decorated(found.respond) };
  };
}
