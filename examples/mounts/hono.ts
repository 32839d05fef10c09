import { createServer } from "node:http";
import { createDrain, serverLimits, toFetchHandler, toFetchHealthHandler } from "@evt/http";
import { getRequestListener } from "@hono/node-server";
import { getConnInfo } from "@hono/node-server/conninfo";
import { Hono } from "hono";
import { callerOf, evt } from "./evt.js";

const drain = createDrain();
const health = toFetchHealthHandler({ evt, draining: () => drain.draining, basePath: "/health" });
const addresses = new WeakMap<Request, string | undefined>();
const events = toFetchHandler({
  evt,
  authenticate: (request) => callerOf(request.headers.get("authorization")),
  clientAddress: (request) => addresses.get(request), // the Fetch API does not show it
  basePath: "/api",
});

const app = new Hono();
app.get("/health/*", (c) => health(c.req.raw));
app.all("/api/*", (c) => {
  addresses.set(c.req.raw, getConnInfo(c).remote.address);
  return events(c.req.raw);
});

const listener = getRequestListener(app.fetch);
export const server = createServer(serverLimits, (req, res) =>
  drain.gate(req, res, () => void listener(req, res)),
);
