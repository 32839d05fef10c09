import { createEvt } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { type Caller, createEventRoutes, type Respond, type Scope } from "../../src/index.js";
import { respondTo, type SentRequest } from "../exchange.js";

interface As extends SentRequest {
  readonly caller: Caller;
}

const NEEDED: Readonly<Record<string, Scope>> = {
  "GET /events": "read",
  "POST /events": "ingest",
  "GET /events/clients": "read",
  "GET /events/metrics": "read",
  "GET /events/counts": "read",
  "GET /events/reasons": "read",
  "POST /events/replay": "replay",
  "GET /events/:id/history": "read",
  "POST /events/:id/replay": "replay",
  "GET /events/:id": "read",
  "GET /aggregation": "read",
};
const SCOPES: readonly Scope[] = ["ingest", "read", "replay", "admin"];
const SUBSETS = Array.from({ length: 2 ** SCOPES.length }, (_, bits) =>
  SCOPES.filter((_scope, position) => (bits >> position) % 2 === 1),
);

const event = { clientId: "a", metric: "m", amount: 1, timestamp: "2024-01-01T00:00:00Z", eventId: "e" };

function router() {
  const evt = createEvt({ store: new MemoryStore() });
  const { routes } = createEventRoutes<As>({ evt, authenticate: (req) => req.caller }, "test");
  const served = new Map<string, Respond<As>>();
  for (const { path, get, post } of routes) {
    if (get) served.set(`GET ${path}`, get);
    if (post) served.set(`POST ${path}`, post);
  }
  const ask = (route: string, caller: Caller, more: Partial<As> = {}) => {
    const [method = "", path = ""] = route.split(" ");
    const body = method === "POST" ? { body: JSON.stringify(event) } : {};
    const respond = served.get(route);
    if (respond === undefined) throw new Error(`no route ${route}`);
    return respondTo(respond, { method, url: path, id: "0".repeat(64), ...body, ...more, caller });
  };
  return { served, ask };
}

describe("scopes", () => {
  const { served, ask } = router();

  it("are needed by every route", () => {
    expect([...served.keys()].sort()).toEqual(Object.keys(NEEDED).sort());
  });

  it.each(Object.entries(NEEDED))("%s is served if and only if the caller has %s", async (route, needed) => {
    for (const scopes of SUBSETS) {
      const { status, body } = await ask(route, { tenantId: "t", scopes });
      const refused = [status, body.code, body.scope];
      if (scopes.includes(needed)) expect([403, 401, 500]).not.toContain(status);
      else expect(refused).toEqual([403, "EVT_SCOPE_MISSING", needed]);
    }
  });

  it.each(Object.keys(NEEDED))(
    "%s is served to a caller without scopes, to which no limit applies",
    async (route) => {
      for (const scopes of [{}, { scopes: undefined }])
        expect([403, 401, 500]).not.toContain((await ask(route, { tenantId: "t", ...scopes })).status);
    },
  );

  it.each([
    ["read", 'scopes is "read"; it must be an array'],
    [null, "scopes is null"],
    [{ read: true }, "it must be an array"],
    [["write"], 'scopes has "write"; the scopes are ingest, read, replay, admin'],
    [["read", "__proto__"], 'scopes has "__proto__"'],
    [["READ"], 'scopes has "READ"'],
    [[["read"]], "scopes has"],
  ])("of %j are a mistake of authenticate: a 500, and onError receives the reason", async (scopes, why) => {
    const errors: unknown[] = [];
    const evt = createEvt({ store: new MemoryStore() });
    const { routes } = createEventRoutes<As>(
      { evt, authenticate: (req) => req.caller, onError: (error) => errors.push(error) },
      "test",
    );
    const list = routes.find(({ path }) => path === "/events")?.get as Respond<As>;
    const response = await respondTo(list, { caller: { tenantId: "t", scopes: scopes as never } });
    expect([response.status, response.body.code]).toEqual([500, "EVT_INTERNAL"]);
    expect(String(errors[0])).toContain(why);
  });

  it("are checked before the body is read", async () => {
    const { body } = await ask("POST /events", { tenantId: "t", scopes: ["read"] }, { body: "not JSON" });
    expect(body.code).toBe("EVT_SCOPE_MISSING");
  });
});

describe("a caller that may send events but not read them", () => {
  const secret = { ...event, note: "of another sender" };
  const keyless = { clientId: "a", metric: "m", amount: 7, timestamp: "2024-01-02T00:00:00Z" };
  const sender = { tenantId: "t", scopes: ["ingest"] } as const;
  const reader = { tenantId: "t", scopes: ["ingest", "read"] } as const;

  it.each(["/events", "/events?dryRun=true"])("sees no stored data in a response of POST %s", async (url) => {
    const { ask } = router();
    const stored = [secret, { ...keyless, note: "of another sender" }];
    await ask("POST /events", reader, { body: JSON.stringify(stored) });
    const guesses = [event, { ...event, amount: 2 }, keyless, { ...keyless, other: 1 }];
    const body = JSON.stringify(guesses);
    const seen = await ask("POST /events", reader, { url: "/events?dryRun=true", body });
    expect(seen.text).toContain("of another sender");
    const { status, text, body: report } = await ask("POST /events", sender, { url, body });
    expect([200, 207]).toContain(status);
    expect(text).not.toContain("another sender");
    expect(text).not.toMatch(/has "1"|note/);
    expect(report.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
      seen.body.results.map(({ outcome }: { outcome: string }) => outcome),
    );
    expect(report.results[1].issues).toEqual([
      { code: "amount_differs", path: "", message: expect.stringContaining("scope read") },
    ]);
  });

  it("sees why its own events are rejected", async () => {
    const { ask } = router();
    const { body } = await ask("POST /events", sender, { body: '{"clientId":"a","amount":"x"}' });
    expect(body.results[0].issues).toMatchObject([{ code: "amount_not_a_number", path: "amount" }]);
  });

  it("gets the same response with and without return=minimal, except for the header that confirms it", async () => {
    const { ask } = router();
    const plain = await ask("POST /events", sender);
    const again = await ask("POST /events", sender, { headers: { prefer: "return=minimal" } });
    expect(again.body.results[0].id).toBe(plain.body.results[0].id);
    expect(plain.headers).not.toHaveProperty("Preference-Applied");
    expect(again.headers).toHaveProperty("Preference-Applied");
  });
});
