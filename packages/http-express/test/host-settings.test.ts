import express from "express";
import { expect, it } from "vitest";
import { listen } from "../../http/test/connection.js";
import { click, purchase } from "../../http/test/samples.js";
import { apiAt, newEvt } from "../../http/test/serve.js";
import { createEventRouter, createHealthRouter } from "../src/index.js";

const router = () => createEventRouter({ evt: newEvt(), authenticate: "open" });

it.each(["extended", "simple", false])(
  "the query does not depend on the host's parser (%s)",
  async (parser) => {
    const app = express().set("query parser", parser).use("/api", router());
    const api = apiAt(await listen(app), "/api");
    await api.post([purchase, click]);
    expect((await api.get("/events?metric=click")).body.events).toHaveLength(1);
    expect((await api.get("/events?metric=a&metric=b")).status).toBe(400);
  },
);

it("paths do not depend on the host's settings", async () => {
  const app = express()
    .set("case sensitive routing", false)
    .set("strict routing", false)
    .use("/api", router());
  const api = apiAt(await listen(app), "/api");
  for (const path of ["/Events", "/events/"]) expect((await api.get(path)).body.code).toBe("EVT_NOT_FOUND");
});

it("other paths belong to the host", async () => {
  const app = express().use("/api", router());
  app.get("/api/other", (_req, res) => void res.json({ done: true }));
  const api = apiAt(await listen(app), "/api");
  expect((await api.get("/other")).body).toEqual({ done: true });
  const { status, headers } = await api.get("/elsewhere");
  expect([status, headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
});

it("an X-Request-Id of the host stays in the response", async () => {
  const app = express().use((_req, res, next) => {
    res.set("X-Request-Id", "host-1");
    next();
  });
  const api = apiAt(await listen(app.use("/api", router())), "/api");
  const { headers } = await api.get("/events", { "X-Request-Id": "client-1" });
  expect(headers.get("x-request-id")).toBe("host-1");
});

it("invalid options are a TypeError", () => {
  expect(() => createEventRouter(undefined as never)).toThrow(/takes an object of options/);
  expect(() => createHealthRouter({ evt: newEvt(), drain: () => true } as never)).toThrow(
    /no option "drain"/,
  );
});
