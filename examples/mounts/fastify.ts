import { createDrain, eventPlugin, healthPlugin, serverLimits } from "@evt/http-fastify";
import fastify from "fastify";
import { callerOf, evt } from "./evt.js";

const drain = createDrain();
const app = fastify({ http: serverLimits });
await app.register(healthPlugin, { prefix: "/health", evt, draining: () => drain.draining });
await app.register(async (api) => {
  api.addHook("onRequest", (request, reply, done) => drain.gate(request.raw, reply.raw, done));
  await api.register(eventPlugin, {
    prefix: "/api",
    evt,
    authenticate: (request) => callerOf(request.headers.authorization),
  });
});
await app.ready();

export const { server } = app;
