import { createEvt } from "@evt/core";
import { createDrain, eventPlugin, Forbidden, healthPlugin, serverLimits } from "@evt/http-fastify";
import { MemoryStore } from "@evt/store-memory";
import fastify from "fastify";

const keys = new Map([
  ["s3cret", { tenantId: "acme", clientId: "client_A", revoked: false }],
  ["revoked", { tenantId: "acme", clientId: "client_B", revoked: true }],
]);

const evt = createEvt({ store: new MemoryStore() });
const drain = createDrain();
const app = fastify({ http: serverLimits }); // Node's defaults give a client a minute for its headers

await app.register(healthPlugin, { prefix: "/health", evt, draining: () => drain.draining });
await app.register(async (api) => {
  // counts the requests in progress, so that `drain.close` can wait for them
  api.addHook("onRequest", (request, reply, done) => drain.gate(request.raw, reply.raw, done));
  await api.register(eventPlugin, {
    prefix: "/api",
    evt,
    authenticate: (request) => {
      const caller = keys.get(String(request.headers["x-api-key"]));
      if (caller?.revoked) throw new Forbidden("this key was revoked"); // 403
      return caller; // undefined: 401
    },
  });
});

const stop = async () => {
  await drain.close(app.server, { graceMs: 2_000 }); // finishes the requests in progress
  await app.close();
  await evt.close();
};
process.once("SIGTERM", () => void stop());

export { app, drain };
