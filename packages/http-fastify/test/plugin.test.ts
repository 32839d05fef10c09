import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip, gzipSync } from "node:zlib";
import fastify, { type FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { click, purchase } from "../../http/test/samples.js";
import { apiAt, newEvt } from "../../http/test/serve.js";
import { eventPlugin, healthPlugin } from "../src/index.js";

async function listening(app: FastifyInstance, at = "/api") {
  onTestFinished(() => app.close());
  return apiAt(Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port), at);
}

describe("eventPlugin", () => {
  it("does not change the parsers, the handler of unknown paths and the routes of the host", async () => {
    const app = fastify();
    app.addContentTypeParser("text/upper", { parseAs: "string" }, async (_request: unknown, text: string) =>
      text.toUpperCase(),
    );
    app.setNotFoundHandler((_request, reply) => reply.code(404).send({ host: true }));
    app.post("/own", async (request) => ({ got: request.body }));
    await app.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" });
    app.get("/api/own", async () => ({ own: true }));
    const api = await listening(app);
    const own = apiAt(api.port, "");
    expect(
      (await own.request("POST", "/own", { headers: { "Content-Type": "text/upper" }, body: "a" })).body,
    ).toEqual({
      got: "A",
    });
    const json = { headers: { "Content-Type": "application/json" }, body: "[1]" };
    expect((await own.request("POST", "/own", json)).body).toEqual({ got: [1] });
    expect((await api.get("/own")).body).toEqual({ own: true });
    for (const path of ["/elsewhere", ""]) expect((await api.get(path)).body).toEqual({ host: true });
  });

  it("works with a prefix of an outer plugin, and in the root", async () => {
    const app = fastify();
    await app.register(
      async (v1) => v1.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" }),
      {
        prefix: "/v1",
      },
    );
    await app.register(eventPlugin, { evt: newEvt(), authenticate: "open" });
    app.get("/own", async () => ({ own: true }));
    const api = await listening(app, "");
    expect((await apiAt(api.port, "/v1/api").post([purchase, click])).status).toBe(200);
    expect((await api.post(purchase)).body.processed).toBe(1);
    expect((await api.get("/own")).body).toEqual({ own: true });
  });

  it("passes Fastify's request to authenticate and onError, with what hooks have added", async () => {
    const app = fastify();
    app.decorateRequest("tenant", "");
    app.addHook("onRequest", async (request) => void Object.assign(request, { tenant: "acme" }));
    const onError = vi.fn();
    const authenticate = (request: object) => ({ tenantId: (request as { tenant: string }).tenant });
    const evt = newEvt();
    await app.register(eventPlugin, { prefix: "/api", evt, authenticate, onError });
    const api = await listening(app);
    expect((await api.post(purchase)).status).toBe(200);
    expect((await evt.tenant("acme").list()).entries).toHaveLength(1);
    await evt.close();
    expect((await api.get("/events")).status).toBe(503);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.objectContaining({ tenant: "acme" }),
    );
  });

  it("sends headers that hooks have set, and onResponse hooks run", async () => {
    const app = fastify();
    const responded = vi.fn();
    app.addHook(
      "onRequest",
      async (_request, reply) => void reply.header("Access-Control-Allow-Origin", "*"),
    );
    app.addHook("onResponse", async (_request, reply) => responded(reply.statusCode));
    await app.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" });
    const api = await listening(app);
    expect((await api.post(purchase)).headers.get("access-control-allow-origin")).toBe("*");
    await api.get("/events?limit=0");
    await expect.poll(() => responded.mock.calls).toEqual([[200], [400]]);
  });

  it("reads the stream that a preParsing hook has put in the place of the body", async () => {
    const app = fastify();
    app.addHook("preParsing", async (request, _reply, payload) => {
      delete request.raw.headers["content-encoding"];
      return payload.pipe(createGunzip());
    });
    await app.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" });
    const api = await listening(app);
    const body = gzipSync(JSON.stringify(purchase));
    expect((await api.post(body, { headers: { "Content-Encoding": "gzip" } })).body.processed).toBe(1);
  });

  it("uses the bytes that a hook has kept in rawBody of Fastify's request", async () => {
    const app = fastify();
    app.addHook("preParsing", async (request, _reply, payload) => {
      Object.assign(request, { rawBody: await buffer(payload) });
      return Readable.from([]);
    });
    await app.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" });
    const api = await listening(app);
    expect((await api.post(purchase)).body.results[0].event.raw).toEqual(purchase);
  });

  it("does not depend on Fastify's limits and router options", async () => {
    const routerOptions = { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true };
    const app = fastify({ bodyLimit: 10, routerOptions });
    await app.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" });
    const api = await listening(app);
    expect((await api.post(purchase)).status).toBe(200);
    for (const path of ["/Events", "/events/"]) expect((await api.get(path)).body.code).toBe("EVT_NOT_FOUND");
    for (const path of ["//events"]) expect((await api.get(path)).status).toBe(404);
  });

  it("leaves errors of hooks to the error handler of the host", async () => {
    const app = fastify();
    app.setErrorHandler((_error, _request, reply) => reply.code(402).send({ host: true }));
    app.addHook("preHandler", async () => {
      throw new Error("not paid");
    });
    await app.register(eventPlugin, { prefix: "/api", evt: newEvt(), authenticate: "open" });
    const { status, body } = await (await listening(app)).post(purchase);
    expect([status, body]).toEqual([402, { host: true }]);
  });

  it("refuses invalid options when it is registered", async () => {
    const register = async (plugin: typeof eventPlugin, options: object) => {
      await fastify().register(plugin, options as never);
    };
    await expect(register(eventPlugin, { evt: newEvt(), authenticat: "open" })).rejects.toThrow(
      'eventPlugin has no option "authenticat"; did you mean "authenticate"',
    );
    await expect(register(healthPlugin as never, {})).rejects.toThrow("healthPlugin needs an evt");
  });
});
