import { createEvt } from "@evt/core";
import { createEventRouter, createHealthRouter, Forbidden } from "@evt/http-express";
import { MemoryStore } from "@evt/store-memory";
import express from "express";

const keys = new Map([
  ["s3cret", { tenantId: "acme", clientId: "client_A", revoked: false }],
  ["revoked", { tenantId: "acme", clientId: "client_B", revoked: true }],
]);

const evt = createEvt({ store: new MemoryStore() });
const app = express();
let draining = false;

app.use("/health", createHealthRouter({ evt, draining: () => draining }));
app.use(
  "/api",
  createEventRouter({
    evt,
    authenticate: (req) => {
      const caller = keys.get(req.get("X-Api-Key") ?? "");
      if (caller?.revoked) throw new Forbidden("this key was revoked"); // 403
      return caller; // nobody: 401
    },
  }),
);
app.use(express.json()); // for the host's own routes: behind evt's

process.once("SIGTERM", () => {
  draining = true; // the load balancer sees it and sends to others; then close the server, then evt
});

export { app };
