import { describe, expect, it, vi } from "vitest";
import { Problem } from "../../src/index.js";
import { replyTo } from "../connection.js";
import { purchase } from "../samples.js";
import { serve } from "../serve.js";
import type { Mount } from "./mount.js";

/** What callers may do, over real HTTP. `http/test/access/scopes.test.ts` tests every route with every set of scopes. */
export function describeAccess(mount: Mount): void {
  describe("a Problem that authenticate throws", () => {
    it.each([
      [402, "PLAN_REQUIRED", {}],
      [423, "TENANT_LOCKED", {}],
      [429, "TOO_MANY_REQUESTS", { "Retry-After": "30", RateLimit: '"minute";r=0;t=30' }],
    ])("with the status %i is sent as it is", async (status, code, headers) => {
      const onError = vi.fn();
      const authenticate = () => {
        throw new Problem(status, code, "not now", { headers });
      };
      const response = await (await serve(mount, { authenticate, onError })).post("not JSON");
      expect(response.body).toMatchObject({ status, code, detail: "not now" });
      expect(response.status).toBe(status);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toBe(value);
      expect(onError).not.toHaveBeenCalled();
    });

    it("with the status 500 or more is also passed to onError", async () => {
      const onError = vi.fn();
      const problem = new Problem(503, "KEYS_DOWN", "try again");
      const { status } = await (
        await serve(mount, { authenticate: () => Promise.reject(problem), onError })
      ).get("/events");
      expect(status).toBe(503);
      expect(onError).toHaveBeenCalledExactlyOnceWith(problem, expect.objectContaining({ method: "GET" }));
    });
  });

  describe("a caller without the scope of a route", () => {
    it("gets a 403 that names the scope", async () => {
      const api = await serve(mount, { authenticate: () => ({ tenantId: "t", scopes: ["ingest"] }) });
      expect((await api.post(purchase)).status).toBe(200);
      const { status, headers, body } = await api.get("/events");
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(status).toBe(403);
      expect(body).toMatchObject({
        code: "EVT_SCOPE_MISSING",
        scope: "read",
        detail: 'this caller does not have the scope "read"',
      });
    });

    it("gets the same 403 for every id, whether it exists or not", async () => {
      const api = await serve(mount, {
        authenticate: (req) => ({
          tenantId: "t",
          scopes: req.get("X-Scope") === "read" ? ["read"] : ["ingest"],
        }),
      });
      const { body } = await api.post(purchase);
      const { id } = body.results[0];
      const texts = [];
      for (const each of [id, "0".repeat(64), "x"]) texts.push((await api.get(`/events/${each}`)).text);
      expect(new Set(texts).size).toBe(1);
      expect((await api.get(`/events/${id}`, { "X-Scope": "read" })).status).toBe(200);
    });
  });

  describe("authenticate", () => {
    it("never receives a request with two Authorization headers, of which Node would drop one", async () => {
      const authenticate = vi.fn();
      const { port } = await serve(mount, { authenticate });
      const two = "Authorization: Bearer a\r\nauthorization: Bearer b\r\nConnection: close";
      const reply = await replyTo(port, `GET /api/events HTTP/1.1\r\nHost: x\r\n${two}\r\n\r\n`);
      expect(reply).toMatch(/^HTTP\/1\.1 400 /);
      expect(reply).toContain("EVT_INVALID_HEADER");
      expect(authenticate).not.toHaveBeenCalled();
    });
  });

  describe("ignoreUnknownParameters", () => {
    const headers = { "X-Requested-With": "test" };

    it("makes POST /events ignore unknown parameters, but not invalid values of known ones", async () => {
      const api = await serve(mount, { ignoreUnknownParameters: true });
      const query = "?utm_source=a&utm_source=b&__proto__=1";
      expect((await api.post(purchase, { query })).status).toBe(200);
      const { status, body } = await api.post(purchase, { query: "?dryRun=maybe&x=1" });
      expect([status, body.parameter]).toEqual([400, "dryRun"]);
    });

    it.each([
      ["GET", "/events?x=1"],
      ["GET", "/aggregation?x=1"],
      ["POST", "/events/replay?all=true&x=1"],
    ])("does not apply to %s %s", async (method, path) => {
      const api = await serve(mount, { ignoreUnknownParameters: true });
      const { status, body } = await api.request(method, path, { headers });
      expect([status, body.parameter]).toEqual([400, "x"]);
    });

    it("is off by default, and must be a boolean", async () => {
      expect((await (await serve(mount)).post(purchase, { query: "?x=1" })).body.parameter).toBe("x");
      await expect(serve(mount, { ignoreUnknownParameters: "yes" as never })).rejects.toThrow(
        "must be true or false",
      );
    });
  });
}
