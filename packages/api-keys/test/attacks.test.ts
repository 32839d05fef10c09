import { createEvt } from "@evt/core";
import { type EventRoutesOptions, toFetchHandler, toNodeHandler } from "@evt/http";
import { createEventRouter } from "@evt/http-express";
import { MemoryStore } from "@evt/store-memory";
import express from "express";
import { describe, expect, it, vi } from "vitest";
import { listen, replyTo } from "../../http/test/connection.js";
import { newKeyText } from "../src/key-text.js";
import { keysFixture, NOW } from "./keys-fixture.js";

type Options = Omit<EventRoutesOptions<never>, "authenticate">;
type Send = (path: string, init?: RequestInit) => Promise<Response>;
type KeysFixture = ReturnType<typeof keysFixture>;

const MOUNTS: Readonly<Record<string, (options: Options, keys: KeysFixture["keys"]) => Promise<Send>>> = {
  "createEventRouter of Express": async (options, { authenticate }) => {
    const app = express();
    app.use("/api", createEventRouter({ ...options, authenticate } as never));
    return overNetwork(await listen(app));
  },
  toNodeHandler: async (options, { authenticate }) =>
    overNetwork(await listen(toNodeHandler({ ...options, authenticate, basePath: "/api" } as never))),
  toFetchHandler: async (options, { authenticate }) => {
    const handle = toFetchHandler({ ...options, authenticate, basePath: "/api" } as never);
    return (path, init) => handle(new Request(`http://here/api${path}`, init));
  },
};

function overNetwork(port: number): Send {
  return (path, { headers = {}, ...init } = {}) =>
    fetch(`http://127.0.0.1:${port}/api${path}`, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(headers)), connection: "close" },
    });
}

// biome-ignore lint/suspicious/noExplicitAny: tests compare it with the documented JSON
const jsonOf = async (response: Promise<Response> | Response): Promise<any> => (await response).json();

const event = { clientId: "a", metric: "m", amount: 1, timestamp: "2024-01-01T00:00:00Z", note: "of a" };

describe.each(Object.entries(MOUNTS))("with keys over %s, an attacker", (_, mount) => {
  /** A router with keys. `as` sends a request with a key; `errors` are those that the host sees. */
  async function served() {
    const fixture = keysFixture();
    const errors: unknown[] = [];
    const evt = createEvt({ store: new MemoryStore(), runtime: { now: () => NOW } });
    const onError = (error: unknown) => errors.push(error);
    const send = await mount({ evt, extraRoutes: fixture.keys.routes, onError }, fixture.keys);
    const as = (key: string, path: string, body?: unknown) =>
      send(path, {
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) }),
      });
    return { ...fixture, send, as, errors };
  }

  it("without exactly one valid key gets a 401 that contains no part of the key", async () => {
    const { create, keys, send, clock, errors } = await served();
    const { key } = await create();
    const revoked = await create();
    await keys.revoke({ tenantId: "t", id: revoked.apiKey.id });
    const expired = await create({ expiresAt: new Date(NOW + 1) });
    clock.at += 1;
    const attempts: Record<string, string>[] = [
      {},
      { authorization: "Bearer" },
      { authorization: key },
      { authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` },
      ...[
        key.slice(0, -1),
        key.slice(0, -1) + (key.endsWith("0") ? "1" : "0"),
        key.toLowerCase(),
        key.repeat(100),
        newKeyText(),
        revoked.key,
        expired.key,
        "__proto__",
        "constructor",
        `${key}\u00ff`,
        `${key}, ${key}`,
      ].flatMap((text) => [{ authorization: `Bearer ${text}` }, { "x-api-key": text }]),
      { authorization: `Bearer ${key}`, "x-api-key": key },
      { authorization: `Bearer ${newKeyText()}`, "x-api-key": key },
    ];
    for (const headers of attempts) {
      const response = await send("/events", { headers });
      expect([headers, response.status]).toEqual([headers, 401]);
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      const text = await response.text();
      for (const each of [key, revoked.key, expired.key]) expect(text).not.toContain(each.slice(21, 50));
    }
    expect(errors).toEqual([]);
    expect((await send("/events", { headers: { authorization: `Bearer ${key}` } })).status).toBe(200);
  });

  it("cannot send a key in the query", async () => {
    const { create, send } = await served();
    const { key } = await create();
    for (const name of ["token", "access_token", "api_key"])
      expect((await send(`/events?${name}=${key}`)).status).toBe(401);
  });

  it("with a key of another tenant, or of another client, finds nothing", async () => {
    const { create, as } = await served();
    const owner = await create({ scopes: ["ingest", "read"] });
    const { results } = await jsonOf(as(owner.key, "/events", event));
    const { id } = results[0].event;
    expect((await as(owner.key, `/events/${id}`)).status).toBe(200);
    const stranger = await create({ tenantId: "other", scopes: ["ingest", "read", "replay"] });
    const bound = await create({ clientId: "b", scopes: ["ingest", "read", "replay"] });
    for (const { key } of [stranger, bound]) {
      for (const path of [`/events/${id}`, `/events/${id}/history`])
        expect((await as(key, path)).status).toBe(404);
      const lists = [
        "/events",
        "/events/clients",
        "/events/metrics",
        "/events/counts",
        "/events/reasons",
        "/aggregation?groupBy=both",
      ];
      for (const path of lists) {
        const response = await as(key, path);
        expect([path, response.status]).toEqual([path, 200]);
        expect(await response.text()).not.toMatch(/of a|"a"|"m"/);
      }
    }
    expect((await as(bound.key, "/events?clientId=a")).status).toBe(403);
    expect((await as(bound.key, "/events/replay?all=true", {})).status).toBe(403);
  });

  it("with a key without admin cannot create or see keys, and with admin only those of its tenant", async () => {
    const { create, as, store } = await served();
    const weak = await create({ scopes: ["ingest", "read", "replay"] });
    const strong = await create({ tenantId: "other", scopes: ["admin"] });
    const wanted = { scopes: ["admin"] };
    expect((await as(weak.key, "/keys", wanted)).status).toBe(403);
    expect((await as(weak.key, "/keys")).status).toBe(403);
    expect((await as(weak.key, `/keys/${weak.apiKey.id}/rotate`, {})).status).toBe(403);
    expect((await as(strong.key, "/events")).status).toBe(403);
    expect((await as(strong.key, `/keys/${weak.apiKey.id}/revoke`, {})).status).toBe(404);
    const { keys: seen } = await jsonOf(as(strong.key, "/keys"));
    expect(seen.map(({ id }: { id: string }) => id)).toEqual([strong.apiKey.id]);
    const created = await jsonOf(as(strong.key, "/keys", wanted));
    expect(created.apiKey.tenantId).toBe("other");
    expect(await store.find(weak.apiKey.id)).toMatchObject({ revokedAt: null, rotatedTo: null });
  });

  it("on a page of another site cannot manage keys", async () => {
    const { create, send, keys } = await served();
    const { key } = await create({ scopes: ["admin"] });
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const origin = { ...headers, origin: "https://evil.example" };
    const response = await send("/keys", { method: "POST", headers: origin, body: '{"scopes":["read"]}' });
    expect((await jsonOf(response)).code).toBe("EVT_CROSS_SITE");
    expect((await keys.list({ tenantId: "t" })).keys).toHaveLength(1);
  });
});

it("a request with two Authorization headers gets a 400, and the store is not asked", async () => {
  const { keys, create, store } = keysFixture();
  const { key } = await create();
  const find = vi.spyOn(store, "find");
  const evt = createEvt({ store: new MemoryStore() });
  const handle = toNodeHandler({ evt, authenticate: keys.authenticate });
  const port = await listen(handle);
  const two = [newKeyText(), key].map((each) => `Authorization: Bearer ${each}\r\n`).join("");
  const reply = await replyTo(port, `GET /events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${two}\r\n`);
  expect(reply).toMatch(/^HTTP\/1\.1 400 /);
  expect(find).not.toHaveBeenCalled();
});
