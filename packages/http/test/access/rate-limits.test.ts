import { EvtError } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import {
  createEventRoutes,
  type EventRoutesOptions,
  Problem,
  type RateLimitedRequest,
  type ServedRequest,
} from "../../src/index.js";
import { respondTo, type SentRequest } from "../exchange.js";
import { overriding } from "../overriding.js";
import { keyed, purchase } from "../samples.js";
import { newEvt } from "../serve.js";

/** Event routes whose rate limits admit a number of requests, and record their calls. */
function limitedRoutes(
  left: number,
  options: Partial<EventRoutesOptions<SentRequest>> = {},
  chunks = Number.POSITIVE_INFINITY,
) {
  const asked: RateLimitedRequest[] = [];
  const served: ServedRequest[] = [];
  const processed: number[] = [];
  const rateLimits = {
    async admit(request: RateLimitedRequest) {
      asked.push(request);
      if (asked.length > left)
        throw new Problem(429, "EVT_RATE_LIMITED", "too many", { headers: { "Retry-After": "7" } });
      return {
        headers: () => ({ RateLimit: `"minute";r=${left - asked.length}` }),
        addProcessed: (events: number) => void processed.push(events),
        hasLeft: () => processed.length < chunks,
        finish: (result: ServedRequest) => void served.push(result),
      };
    },
  };
  const { find } = createEventRoutes({ evt: newEvt(), authenticate: "open", rateLimits, ...options }, "f");
  const send = async (method: string, url: string, body?: string, headers?: Record<string, string>) => {
    const route = find(method, url);
    if (route === undefined) throw new Error(`no route for ${url}`);
    return respondTo<SentRequest>(route.respond, {
      method,
      url,
      id: route.id,
      ...(body !== undefined && { body }),
      ...(headers !== undefined && { headers }),
    });
  };
  return { asked, processed, served, send };
}

const event = JSON.stringify(purchase);

it("rate limits are asked with the tenant and the client of the caller, or with the address", async () => {
  const bound = limitedRoutes(1, { authenticate: () => ({ tenantId: "t", clientId: "c" }) });
  await bound.send("POST", "/events", event);
  expect(bound.asked).toEqual([{ key: "tenant t", tenantId: "t", clientId: "c", sendsEvents: true }]);
  const open = limitedRoutes(1);
  await open.send("GET", "/events");
  expect(open.asked).toEqual([{ key: "address test", tenantId: null, clientId: null, sendsEvents: false }]);
});

it("an admitted request gets the headers of the rate limits", async () => {
  const { send } = limitedRoutes(3);
  expect((await send("GET", "/events")).headers).toMatchObject({ RateLimit: '"minute";r=2' });
});

it("a request over the limit gets a 429, before its body is read", async () => {
  const { send } = limitedRoutes(0);
  const { status, headers, body } = await send("POST", "/events", "not JSON");
  expect([status, body.code, headers["Retry-After"]]).toEqual([429, "EVT_RATE_LIMITED", "7"]);
});

it("only processed events are reported", async () => {
  const { send, processed } = limitedRoutes(3);
  await send("POST", "/events", `[${event},${event},{}]`);
  await send("POST", "/events", event);
  await send("POST", "/events?dryRun=true", event);
  expect(processed).toEqual([1, 0]);
});

describe("a stream of NDJSON", () => {
  const ndjson = { "content-type": "application/x-ndjson" };
  const lines = Array.from({ length: 1_600 }, (_, i) => JSON.stringify(keyed(`k${i}`, "1"))).join("\n");
  const summaryOf = async (routes: ReturnType<typeof limitedRoutes>) => {
    const { text } = await routes.send("POST", "/events", lines, ndjson);
    return JSON.parse(text.trim().split("\n").at(-1) ?? "");
  };

  it("reports the processed events of each chunk", async () => {
    const routes = limitedRoutes(1);
    expect(await summaryOf(routes)).toMatchObject({ processed: 1_600, resendFrom: null });
    expect(routes.processed.reduce((sum, each) => sum + each, 0)).toBe(1_600);
    expect(routes.processed.length).toBeGreaterThan(1);
  });

  it("ends between two chunks if no budget is left, and names the next line to send", async () => {
    const routes = limitedRoutes(1, {}, 1);
    const { processed, resendFrom, error } = await summaryOf(routes);
    expect(error.code).toBe("EVT_RATE_LIMITED");
    expect(processed).toBeLessThan(1_600);
    expect(resendFrom).toBe(processed + 1);
    expect(routes.processed.reduce((sum, each) => sum + each, 0)).toBe(processed);
  });
});

it("a 503 is reported as unavailable, whether it is a response or an error", async () => {
  const insert = () => Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "down"));
  const evt = newEvt({ store: overriding(new MemoryStore(), { insert }), retry: { attempts: 1 } });
  const errors = [
    new Problem(503, "DOWN", "down"),
    new EvtError("EVT_ABORTED", "the client has disconnected"),
    new Error("a bug"),
  ];
  const get = () => Promise.reject(errors.shift());
  const extraRoutes = [{ path: "/failing", scope: "read", get } as const];
  const { send, served } = limitedRoutes(9, { evt, extraRoutes, onError: () => undefined });
  expect((await send("POST", "/events", event)).status).toBe(503);
  expect((await send("GET", "/failing")).status).toBe(503);
  await expect(send("GET", "/failing")).rejects.toThrow(/got no response/);
  expect((await send("GET", "/failing")).status).toBe(500);
  expect(served.map(({ unavailable }) => unavailable)).toEqual([true, true, false, false]);
});

it("a request that fails authentication counts for its address, and gets a 429 over the limit", async () => {
  const { asked, send } = limitedRoutes(1, { authenticate: () => null });
  expect((await send("GET", "/events")).status).toBe(401);
  expect((await send("GET", "/events")).status).toBe(429);
  expect(asked[0]).toEqual({ key: "address test", tenantId: null, clientId: null, sendsEvents: false });
});

it("a request without the scope of its route counts for its tenant", async () => {
  const { asked, send } = limitedRoutes(1, { authenticate: () => ({ tenantId: "t", scopes: [] }) });
  expect((await send("GET", "/events")).status).toBe(403);
  expect(asked).toHaveLength(1);
});

it.each([[null], [{}], ["100"]])("rateLimits: %j is refused", (rateLimits) => {
  const options = { evt: newEvt(), authenticate: "open" as const, rateLimits: rateLimits as never };
  expect(() => createEventRoutes(options, "f")).toThrow(/^rateLimits is .*it must have the method admit$/);
});
