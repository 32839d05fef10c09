import { createServer } from "node:http";
import { createDrain, serverLimits, toNodeHandler, toNodeHealthHandler } from "@evt/http";
import { callerOf, evt } from "./evt.js";

const drain = createDrain();
const health = toNodeHealthHandler({ evt, draining: () => drain.draining, basePath: "/health" });
const events = toNodeHandler({
  evt,
  authenticate: (req) => callerOf(req.headers.authorization),
  basePath: "/api",
});

export const server = createServer(serverLimits, (req, res) =>
  health(req, res, () => drain.gate(req, res, () => events(req, res))),
);
