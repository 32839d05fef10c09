import { type FindRoute, NodeExchange } from "@evt/http";
import { type Request, Router } from "express";

/**
 * Returns a router that serves the requests that `find` finds. All other requests go to the host's next handler. The router
 * has only one handler, so that Express 4, Express 5 and the host's settings match paths in the same way.
 */
export function routerOf(find: FindRoute<Request>): Router {
  return Router().use((req, res, next) => {
    const { url } = req;
    const found = find(req.method, url);
    if (found === undefined) return next();
    // the promise never rejects, so Express 4 may ignore it
    return found.respond(
      new NodeExchange(req, res, { native: req, url, id: found.id, parsedBody: req.body }),
    );
  });
}
