import type { Respond, Route } from "@evt/http";
import { NodeExchange } from "@evt/http";
import type { Request, RequestHandler, Router } from "express";

/** Adds routes to a router, in the given order. */
export function mount(router: Router, routes: readonly Route<Request>[]): void {
  for (const { path, get, post, otherMethods } of routes) {
    const route = router.route(path);
    if (get) route.get(handler(get));
    if (post) route.post(handler(post));
    route.all(handler(otherMethods));
  }
}

/** Returns the Express handler of a route. Express 4 ignores the returned promise, which is safe because `respond` never rejects. */
export function handler(respond: Respond<Request>): RequestHandler {
  return (req, res) => respond(new NodeExchange(req, res, String(req.params.id ?? ""), req.body));
}
