import { createEvt } from "@evt/core";
import { createEventRoutes, type Respond, type Scope } from "@evt/http";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it, vi } from "vitest";
import { respondTo } from "../../http/test/exchange.js";
import type { CreateKeyOptions } from "../src/index.js";
import { keysFixture, NOW } from "./keys-fixture.js";

/** A router with keys. `ask` sends a request with a key. */
async function served() {
  const { keys, clock, store, create } = keysFixture();
  const onError = vi.fn();
  const evt = createEvt({ store: new MemoryStore(), runtime: { now: () => NOW } });
  const { routes } = createEventRoutes(
    { evt, authenticate: keys.authenticate, extraRoutes: keys.routes, onError },
    "test",
  );
  const admin = await create({ scopes: ["admin"] });
  const ask = (key: string, method: "GET" | "POST", path: string, body?: unknown, id = "") => {
    const [pattern = ""] = path.split("?");
    const found = routes.find((route) => route.path === pattern);
    const respond = method === "GET" ? found?.get : found?.post;
    const headers = { authorization: `Bearer ${key}` };
    const json = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
    return respondTo(respond as Respond<never>, { method, url: path, id, headers, ...json } as never);
  };
  const keyOf = async (options: Partial<CreateKeyOptions>) => (await create(options)).key;
  return { keys, clock, store, create, keyOf, admin: admin.key, adminId: admin.apiKey.id, ask, onError };
}

const MANAGING = [
  ["GET", "/keys"],
  ["POST", "/keys"],
  ["POST", "/keys/:id/rotate"],
  ["POST", "/keys/:id/revoke"],
] as const;

describe("the routes for keys", () => {
  it.each(MANAGING)("%s %s needs the scope admin", async (method, path) => {
    const { ask, keyOf } = await served();
    const scopes: Scope[] = ["ingest", "read", "replay"];
    const { status, body } = await ask(await keyOf({ scopes }), method, path);
    expect([status, body.code, body.scope]).toEqual([403, "EVT_SCOPE_MISSING", "admin"]);
  });

  it("create a key that works, is listed, is rotated and is revoked", async () => {
    const { ask, admin, clock } = await served();
    const wanted = { scopes: ["ingest"], name: "shop", clientId: "c", expiresAt: "2027-01-01T00:00:00Z" };
    clock.at += 1;
    const { status, body } = await ask(admin, "POST", "/keys", wanted);
    expect([status, body.apiKey.name, body.apiKey.tenantId]).toEqual([201, "shop", "t"]);
    const event = { metric: "m", amount: 1 };
    expect((await ask(body.key, "POST", "/events", event)).status).toBe(200);
    expect((await ask(body.key, "GET", "/events")).status).toBe(403);
    clock.at += 1;
    const rotated = await ask(admin, "POST", "/keys/:id/rotate", undefined, body.apiKey.id);
    expect(rotated.status).toBe(201);
    expect((await ask(rotated.body.key, "POST", "/events", event)).status).toBe(200);
    const revoked = await ask(admin, "POST", "/keys/:id/revoke", undefined, body.apiKey.id);
    expect([revoked.status, revoked.body.apiKey.revokedAt]).toEqual([200, new Date(clock.at).toISOString()]);
    expect((await ask(body.key, "POST", "/events", event)).status).toBe(401);
    const list = await ask(admin, "GET", "/keys?limit=2");
    expect(list.body.keys.map(({ name }: { name: string }) => name)).toEqual(["shop", "shop"]);
    const rest = await ask(admin, "GET", `/keys?cursor=${list.body.nextCursor}`);
    expect(rest.body).toMatchObject({ keys: [{ scopes: ["admin"] }], nextCursor: null });
    for (const { key } of [body, rotated.body]) expect(list.text).not.toContain(key.slice(21));
    expect(list.text).not.toMatch(/hash/i);
  });

  it("never reach the keys of another tenant", async () => {
    const { ask, admin, create, store } = await served();
    const { apiKey } = await create({ tenantId: "other" });
    for (const action of ["rotate", "revoke"]) {
      const { status, body } = await ask(admin, "POST", `/keys/:id/${action}`, undefined, apiKey.id);
      expect([status, body.code]).toEqual([404, "EVT_NOT_FOUND"]);
    }
    expect((await ask(admin, "GET", "/keys")).body.keys).toHaveLength(1);
    expect(await store.find(apiKey.id)).toMatchObject({ revokedAt: null, rotatedTo: null });
    const named = await ask(admin, "POST", "/keys", { scopes: ["read"], tenantId: "other" });
    expect([named.status, named.body.code]).toEqual([422, "EVT_INVALID_BODY"]);
  });

  it.each(MANAGING)("%s %s refuses a caller that is bound to a client", async (method, path) => {
    const { keys, store, ask, create } = await served();
    const { key, apiKey } = await create({ clientId: "c" });
    // `create` refuses such a key, but a hook of your own may return such a caller
    await store.insert({ ...(await store.find(apiKey.id)), scopes: ["admin"] } as never);
    const { status, body } = await ask(key, method, path, method === "POST" ? {} : undefined, "x");
    expect([status, body.code]).toEqual([403, "EVT_FORBIDDEN"]);
    expect((await keys.list({ tenantId: "t" })).keys).toHaveLength(2);
  });

  it.each([
    [{}, "scopes is undefined"],
    [[], "must be a JSON object"],
    ["7", "must be a JSON object"],
    [{ scopes: ["root"] }, 'scopes has "root"'],
    [{ scopes: ["read"], expiresAt: "tomorrow" }, "give an instant"],
    [{ scopes: ["read"], expiresAt: "2020-01-01T00:00:00Z" }, "has passed"],
    [{ scopes: ["admin"], clientId: "c" }, "only a key of the whole tenant"],
    [{ scopes: ["read"], secret: "x" }, 'unknown member "secret"'],
    ['{"scopes":["read"],"__proto__":{"tenantId":"other"}}', 'unknown member "__proto__"'],
  ])("refuse the body %j", async (body, why) => {
    const { ask, admin, onError } = await served();
    const response = await ask(admin, "POST", "/keys", body);
    expect([response.status, response.body.code]).toEqual([422, "EVT_INVALID_BODY"]);
    expect(response.body.detail).toContain(why);
    expect(onError).not.toHaveBeenCalled();
  });

  it("refuse a rotation of a key that is not live, and a key that rotates twice", async () => {
    const { ask, admin, create } = await served();
    const { apiKey } = await create();
    const rotate = () => ask(admin, "POST", "/keys/:id/rotate", {}, apiKey.id);
    expect((await rotate()).status).toBe(201);
    expect((await rotate()).body).toMatchObject({ status: 409, code: "EVT_KEY_NOT_LIVE" });
    const late = await ask(
      admin,
      "POST",
      "/keys/:id/rotate",
      { expireOldAt: "2020-01-01T00:00:00Z" },
      apiKey.id,
    );
    expect(late.body.code).toBe("EVT_INVALID_BODY");
    await ask(admin, "POST", "/keys/:id/revoke", undefined, apiKey.id);
    expect((await rotate()).body.detail).toContain("is revoked");
  });

  it("refuse invalid parameters of a list", async () => {
    const { ask, admin } = await served();
    for (const [query, parameter] of [
      ["limit=0", "limit"],
      ["limit=1e3", "limit"],
      ["cursor=x", "cursor"],
      ["tenantId=other", "tenantId"],
    ]) {
      const { body } = await ask(admin, "GET", `/keys?${query}`);
      expect([body.code, body.parameter]).toEqual(["EVT_INVALID_QUERY", parameter]);
    }
  });

  it("send no details of a failure of the store", async () => {
    const { ask, admin, store, onError } = await served();
    vi.spyOn(store, "insert").mockRejectedValue(new TypeError("password of the database"));
    const { status, text } = await ask(admin, "POST", "/keys", { scopes: ["read"] });
    expect(status).toBe(500);
    expect(text).not.toContain("password");
    expect(onError).toHaveBeenCalledOnce();
  });
});
