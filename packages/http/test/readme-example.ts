import { createServer } from "node:http";
import { createEvt } from "@evt/core";
import { createDrain, serverLimits, toNodeHandler, toNodeHealthHandler } from "@evt/http";
import { MemoryStore } from "@evt/store-memory";

const evt = createEvt({ store: new MemoryStore() });
const drain = createDrain();

const health = toNodeHealthHandler({ evt, draining: () => drain.draining, basePath: "/health" });
const events = toNodeHandler({ evt, authenticate: "open", basePath: "/api" });

// a handler calls its third argument for a path that it does not serve
const server = createServer(serverLimits, (req, res) =>
  health(req, res, () => drain.gate(req, res, () => events(req, res))),
);

export { server };
