import { createEvt } from "@evt/core";
import { type Caller, toNodeHandler } from "@evt/http";
import { MemoryStore } from "@evt/store-memory";
import { expect, it } from "vitest";
import { listen } from "../../http/test/connection.js";
import { createRateLimits, type RateLimitsOptions } from "../src/index.js";

const event = (id: number) => ({
  clientId: "c",
  metric: "m",
  amount: "1",
  timestamp: "2026-01-01",
  eventId: `e${id}`,
});

/** Serves the event routes with rate limits. The bearer token of a request is its tenant. */
async function served(options: RateLimitsOptions, authenticate: "open" | "token" = "token") {
  const callerOf = (token: string | undefined): Caller | null =>
    token === undefined ? null : { tenantId: token.slice("Bearer ".length) };
  const handler = toNodeHandler({
    evt: createEvt({ store: new MemoryStore() }),
    authenticate: authenticate === "open" ? "open" : (req) => callerOf(req.headers.authorization),
    rateLimits: createRateLimits(options),
    basePath: "/api",
  });
  const url = `http://127.0.0.1:${await listen(handler)}/api/events`;
  return {
    get: (headers: Record<string, string> = {}) => fetch(url, { headers }),
    post: (body: unknown, headers: Record<string, string> = {}) =>
      fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

const as = (tenantId: string) => ({ Authorization: `Bearer ${tenantId}` });

it("a response has the headers of the draft, and a 429 is a problem", async () => {
  const api = await served({ requests: { day: 1 }, events: { day: 10 } });
  const first = await api.post([event(1), event(2), event(1)], as("t"));
  expect(first.status).toBe(200);
  expect(first.headers.get("ratelimit-policy")).toBe(
    '"requests-day";q=1;w=86400, "events-day";q=10;qu="events";w=86400',
  );
  expect(first.headers.get("ratelimit")).toMatch(/^"requests-day";r=0;t=\d+, "events-day";r=8;t=\d+$/);
  const refused = await api.post("not JSON", as("t"));
  expect(refused.status).toBe(429);
  expect(refused.headers.get("content-type")).toBe("application/problem+json");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(86_000);
  expect(await refused.json()).toMatchObject({ status: 429, code: "EVT_RATE_LIMITED" });
});

it("one tenant cannot use the budget of another", async () => {
  const api = await served({ requests: { day: 2 } });
  const statuses = [];
  for (let i = 0; i < 4; i++) statuses.push((await api.get(as("a"))).status);
  expect(statuses).toEqual([200, 200, 429, 429]);
  expect((await api.get(as("b"))).status).toBe(200);
});

it.each(["X-Forwarded-For", "Forwarded", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP"])(
  "the header %s does not change the address of a caller",
  async (name) => {
    const api = await served({ requests: { day: 1 } }, "open");
    expect((await api.get({ [name]: "203.0.113.1" })).status).toBe(200);
    expect((await api.get({ [name]: "203.0.113.2" })).status).toBe(429);
  },
);

it("guesses of credentials are limited by address, and do not stop callers with credentials", async () => {
  const api = await served({ requests: { day: 3 } });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await api.get()).status);
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  expect((await api.get(as("t"))).status).toBe(200);
});
