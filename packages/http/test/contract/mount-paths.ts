import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { listen } from "../connection.js";
import { gatedStore } from "../gated-store.js";
import { purchase } from "../samples.js";
import { apiAt, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

/** The tests of the path at which a host serves the routes, and of proxies in front of the host. */
export function describeMountPaths(mount: Mount): void {
  describe("a mount path", () => {
    it.each([
      ["", ""],
      ["/api", "/api"],
      ["/v1/evt/api", "/v1/evt/api"],
      ["/tenants/:tenant/api", "/tenants/acme/api"],
      ["/tenants/:tenant/api", "/tenants/a%2Fb/api"],
    ])("may be %j, with the URL %j", async (at, url) => {
      const { port } = await serve(mount, {}, { at });
      const api = apiAt(port, url);
      const { status, body } = await api.post(purchase);
      expect(status).toBe(200);
      expect((await api.get("/events?limit=1")).body.events).toHaveLength(1);
      expect((await api.get(`/events/${body.results[0].event.id}`)).status).toBe(200);
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 1 }]);
      expect((await api.get("/events/")).body.code).toBe("EVT_NOT_FOUND");
    });

    it("is the only path that the routes are served at", async () => {
      const api = await serve(mount, {}, { at: "/v1/api" });
      for (const url of ["", "/v1", "/api", "/v1/apis", "/v2/api", "/v1/api/v1/api"])
        expect((await apiAt(api.port, url).get("/events")).status).toBe(404);
      expect((await api.get("/elsewhere")).status).toBe(404);
      expect((await api.get("")).status).toBe(404);
    });
  });

  describe("behind a proxy", () => {
    it("that removes a path, changes Host and sends chunks, events are counted", async () => {
      const { port } = await serve(mount);
      const api = apiAt(await listen(proxyTo(port, { "/public": "" })), "/public/api");
      expect((await api.post(purchase)).status).toBe(200);
      expect((await api.get("/aggregation?metric=purchase")).body.rows).toMatchObject([{ count: 1 }]);
      const origin = { Origin: "https://shop.example", "Sec-Fetch-Site": "same-origin" };
      expect((await api.post(purchase, { headers: origin })).body.duplicates).toBe(1);
      expect((await api.post(purchase, { headers: { Origin: "https://shop.example" } })).status).toBe(403);
      const allowed = await serve(mount, { allowedOrigins: ["https://shop.example"] });
      const front = apiAt(await listen(proxyTo(allowed.port, {})), "/api");
      expect((await front.post(purchase, { headers: { Origin: "https://shop.example" } })).status).toBe(200);
    });

    it("clients have their own shares if clientAddress returns their addresses", async () => {
      const { store, open } = gatedStore();
      const clientAddress = (req: { get(name: string): string | undefined }) => req.get("X-Client");
      const api = await serve(mount, { evt: newEvt({ store }), limits: { requests: 4 }, clientAddress });
      const post = (client: string) => api.post(purchase, { headers: { "X-Client": client } });
      const waiting = [post("192.0.2.1"), post("192.0.2.1")];
      await expect.poll(async () => (await api.get("/events", { "X-Client": "192.0.2.1" })).status).toBe(503);
      expect((await api.get("/events", { "X-Client": "192.0.2.2" })).status).toBe(200);
      open();
      for (const response of waiting) expect((await response).status).toBe(200);
    });
  });
}

/** A proxy that replaces the beginnings of paths, and that sends its own Host and no Content-Length. */
function proxyTo(port: number, paths: Readonly<Record<string, string>>) {
  return (req: IncomingMessage, res: ServerResponse) => {
    const { host: _, "content-length": __, ...headers } = req.headers;
    const [from, to] = Object.entries(paths).find(([path]) => req.url?.startsWith(path)) ?? ["", ""];
    const path = `${to}${req.url?.slice(from.length)}`;
    const target = { host: "127.0.0.1", port, path, method: req.method, headers };
    const onward = request(target, (response) => {
      res.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(res);
    });
    req.pipe(onward);
  };
}
