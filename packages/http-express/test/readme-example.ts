import { createServer } from "node:http";
import { createEvt } from "@evt/core";
import {
  createDrain,
  createEventRouter,
  createHealthRouter,
  Forbidden,
  serverLimits,
} from "@evt/http-express";
import { MemoryStore } from "@evt/store-memory";
import express from "express";

const keys = new Map([
  ["s3cret", { tenantId: "acme", clientId: "client_A", revoked: false }],
  ["revoked", { tenantId: "acme", clientId: "client_B", revoked: true }],
]);

const evt = createEvt({ store: new MemoryStore() });
const app = express();
const drain = createDrain();

app.use("/health", createHealthRouter({ evt, draining: () => drain.draining }));
app.use(drain.gate); // counts the requests in progress, so that `drain.close` can wait for them
app.use(
  "/api",
  createEventRouter({
    evt,
    authenticate: (req) => {
      const caller = keys.get(req.get("X-Api-Key") ?? "");
      if (caller?.revoked) throw new Forbidden("this key was revoked"); // 403
      return caller; // undefined: 401
    },
  }),
);
app.use(express.json()); // for your own routes: after evt's

const server = createServer(serverLimits, app); // Node's defaults give a client a minute for its headers

const stop = async () => {
  await drain.close(server, { graceMs: 2_000 }); // finishes the requests in progress
  await evt.close();
};
process.once("SIGTERM", () => void stop());

export { app };
