import { EvtError, type Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it, vi } from "vitest";
import { Forbidden, type Middleware } from "../../src/index.js";
import { dial } from "../connection.js";
import { gate } from "../gate.js";
import { overriding } from "../overriding.js";
import { purchase } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

export function describeRouter(mount: Mount): void {
  describe("the event routes", () => {
    it.each([
      ["DELETE", "/events", "GET, HEAD, POST"],
      ["PUT", "/events/0", "GET, HEAD"],
      ["POST", "/aggregation", "GET, HEAD"],
    ])("returns 405 for %s %s with the allowed methods", async (method, path, allow) => {
      const api = await serve(mount);
      const { status, headers, body } = await api.request(method, path);
      expect([status, body.code]).toEqual([405, "EVT_METHOD_NOT_ALLOWED"]);
      expect(headers.get("allow")).toBe(allow);
      const options = await api.request("OPTIONS", path);
      expect([options.status, options.headers.get("allow")]).toEqual([204, allow]);
    });

    it.each([
      ["/events", "GET, HEAD, POST"],
      ["/events/clients", "GET, HEAD"],
      ["/events/metrics", "GET, HEAD"],
      ["/events/counts", "GET, HEAD"],
      ["/events/reasons", "GET, HEAD"],
      ["/events/replay", "POST"],
      ["/events/0", "GET, HEAD"],
      ["/events/0/history", "GET, HEAD"],
      ["/events/0/replay", "POST"],
      ["/aggregation", "GET, HEAD"],
    ])("names the methods of %s to OPTIONS, and in a 405 to every other method", async (path, allow) => {
      const api = await serve(mount);
      const options = await api.request("OPTIONS", path);
      expect([options.status, options.text, options.headers.get("allow")]).toEqual([204, "", allow]);
      for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]) {
        const { status, headers } = await api.request(method, path);
        const isAllowed = allow.split(", ").includes(method);
        expect([method, status === 405]).toEqual([method, !isAllowed]);
        expect(headers.get("allow")).toBe(isAllowed ? null : allow);
      }
    });

    it("serves HEAD like GET, without the body", async () => {
      const api = await serve(mount);
      const get = await api.get("/events");
      const { status, headers, text } = await api.request("HEAD", "/events");
      expect([status, text]).toEqual([200, ""]);
      expect(headers.get("content-length")).toBe(String(get.text.length));
    });

    it("ignores the listed parameters on every route, however they are written, and no others", async () => {
      const api = await serve(mount, {
        ignoredParameters: ["api_secret", "t"],
        authenticate: (req) => ({
          tenantId: new URL(req.url, "http://host").searchParams.get("api_secret") ?? "",
        }),
      });
      const given = "api_secret=s&t=1&t=2&%74=3";
      expect((await api.post(purchase, { query: `?${given}` })).status).toBe(200);
      const { body } = await api.get(`/events?${given}&metric=purchase`);
      expect(body.events).toHaveLength(1);
      const [{ id }] = body.events;
      const names = ["/events/clients", "/events/metrics"];
      for (const path of [
        `/events/${id}`,
        `/events/${id}/history`,
        "/events/counts",
        "/events/reasons",
        "/aggregation",
        ...names,
      ])
        expect((await api.get(`${path}?${given}`)).status).toBe(200);
      const headers = { "X-Requested-With": "test" };
      expect((await api.request("POST", `/events/replay?${given}&all=true`, { headers })).status).toBe(200);
      for (const other of ["&u=1", "&T=1"])
        expect((await api.get(`/events?${given}${other}`)).body.code).toBe("EVT_INVALID_QUERY");
    });

    it("refuses an unknown or invalid option with a TypeError that names it", async () => {
      const refusal = (options: object) => expect(serve(mount, options)).rejects;
      await refusal({ authentication: "open" }).toThrow(
        /no option "authentication"; did you mean "authenticate"/,
      );
      await refusal({ authenticate: undefined }).toThrow(/needs authenticate/);
      await refusal({ limits: { bytes: 0 } }).toThrow(
        "limits.bytes is 0; it must be a whole number of at least 1",
      );
      await refusal({ limits: { event: 1 } }).toThrow('limits has no option "event"; did you mean "events"');
      await refusal({ ignoredParameters: ["metric"] }).toThrow('has "metric", which a route takes');
      await refusal({ ignoredParameters: ["from"] }).toThrow('has "from", which a route takes');
      await refusal({ ignoredParameters: [""] }).toThrow("give names of query parameters");
      await refusal({ ignoredParameters: "t" }).toThrow("it must be an array");
      await refusal({ acceptedTypes: "text/plain" }).toThrow("it must be an array");
      await refusal({ acceptedTypes: ["text/html"] }).toThrow(
        "it may have text/plain, application/x-www-form",
      );
      await refusal({ idempotencyKeyHeaders: "svix-id" }).toThrow("it must be an array");
      await refusal({ idempotencyKeyHeaders: ["svix id"] }).toThrow("give names of headers");
      await refusal({ acknowledge: "parked" }).toThrow('it must be "counted" or "kept"');
      for (const simulateFailure of ["yes", "false", 1])
        await refusal({ simulateFailure }).toThrow(/simulateFailure is .* must be true or false/);
      for (const evt of [{}, undefined, newEvt().tenant("a")]) await refusal({ evt }).toThrow(/needs an evt/);
    });
  });

  describe("authenticate", () => {
    it("keeps tenants apart", async () => {
      const api = await serve(mount, { authenticate: (req) => ({ tenantId: req.get("X-Tenant") ?? "" }) });
      const of = (tenant: string) => ({ headers: { "X-Tenant": tenant } });
      expect((await api.post(purchase, of("a"))).body.processed).toBe(1);
      expect((await api.post(purchase, of("b"))).body.processed).toBe(1);
      for (const tenant of ["a", "b"]) {
        expect((await api.get("/events", { "X-Tenant": tenant })).body.events).toHaveLength(1);
        expect((await api.get("/aggregation", { "X-Tenant": tenant })).body.rows[0].count).toBe(1);
      }
    });

    it("refuses a cursor of another tenant", async () => {
      const api = await serve(mount, { authenticate: (req) => ({ tenantId: req.get("X-Tenant") ?? "" }) });
      await api.post([purchase, { ...purchase, payload: { amount: 1 } }], { headers: { "X-Tenant": "a" } });
      const { nextCursor } = (await api.get("/events?limit=1", { "X-Tenant": "a" })).body;
      const { status, body } = await api.get(`/events?limit=1&cursor=${nextCursor}`, { "X-Tenant": "b" });
      expect([status, body.parameter]).toEqual([400, "cursor"]);
    });

    it("gives the caller's client to an event that names none, and rejects one that names another", async () => {
      const api = await serve(mount, { authenticate: async () => ({ tenantId: "a", clientId: "client_A" }) });
      const anonymous = { metric: "m", amount: "1", timestamp: "2024-01-01T00:00:00Z" };
      const { body } = await api.post([anonymous, { ...anonymous, clientId: "client_B" }]);
      expect(body.results).toMatchObject([
        { outcome: "processed", event: { clientId: "client_A" } },
        { outcome: "rejected", issues: [{ code: "client_id_mismatch" }] },
      ]);
      expect((await api.post(anonymous, { query: "?dryRun=true" })).body.results[0].canonical.clientId).toBe(
        "client_A",
      );
    });

    it.each([null, undefined])(
      "leads to a 401 with a challenge on every route if it returns %s, and no body is read",
      async (nobody) => {
        const api = await serve(mount, { authenticate: async () => nobody, challenge: 'Bearer realm="evt"' });
        const responses = [
          await api.post("not JSON"),
          await api.get("/events"),
          await api.get("/events/0"),
          await api.get("/aggregation"),
        ];
        for (const { status, headers, body } of responses) {
          expect([status, body.code]).toEqual([401, "EVT_UNAUTHENTICATED"]);
          expect(headers.get("www-authenticate")).toBe('Bearer realm="evt"');
        }
      },
    );

    it("leads to a 403 with the message of a thrown Forbidden", async () => {
      const authenticate = () => {
        throw new Forbidden("this key may only read");
      };
      const { status, body } = await (await serve(mount, { authenticate })).post(purchase);
      expect([status, body.code, body.detail]).toEqual([403, "EVT_FORBIDDEN", "this key may only read"]);
    });

    it("leads to a 500 if it throws another error, which only onError receives", async () => {
      const failure = new Error("connect ECONNREFUSED keys.internal:5432");
      const onError = vi.fn();
      const authenticate = () => Promise.reject(failure);
      const { status, text, body } = await (await serve(mount, { authenticate, onError })).get("/events");
      expect([status, body.code]).toEqual([500, "EVT_INTERNAL"]);
      expect(text).not.toContain("keys.internal");
      expect(onError).toHaveBeenCalledExactlyOnceWith(failure, expect.objectContaining({ method: "GET" }));
    });

    it.each<[unknown, string]>([
      ["acme", "tenantId is undefined"],
      [{ tenantId: "" }, "tenantId is empty"],
      [{ tenantId: 7 }, "tenantId is 7"],
      [{ tenantId: "x".repeat(65) }, "tenantId has 65 characters"],
      [{ tenantId: "a\0" }, "lone surrogate or NUL"],
      [{ tenantId: "a", clientId: "" }, "clientId is empty"],
      [{ tenantId: "a", clientId: 7 }, "clientId is 7; it must be a string"],
      [{ tenantId: "a", clientId: ["b"] }, "it must be a string"],
      [{ tenantId: "a", clientId: "x".repeat(256) }, "clientId has 256 characters"],
      [{ tenantId: "a", clientId: " b" }, "white space at its ends"],
      [{ tenantId: "a", clientId: "b\0" }, "lone surrogate or NUL"],
      [{ tenantId: "a", clientId: "\ud800" }, "lone surrogate or NUL"],
    ])(
      "leads to a 500 on every route if it returns %j, and onError receives the reason",
      async (caller, why) => {
        const onError = vi.fn();
        const api = await serve(mount, { authenticate: () => caller as never, onError });
        const id = "0".repeat(64);
        const init = { headers: { "Content-Type": "application/json" } };
        const responses = [
          await api.post(purchase),
          await api.get("/events"),
          await api.get(`/events/${id}`),
          await api.get(`/events/${id}/history`),
          await api.get("/events/reasons"),
          await api.get("/events/clients"),
          await api.get("/events/metrics"),
          await api.get("/aggregation"),
          await api.request("POST", `/events/${id}/replay?mapping=none`, init),
          await api.request("POST", "/events/replay?all=true", init),
        ];
        for (const { status, body, text } of responses) {
          expect([status, body.code]).toEqual([500, "EVT_INTERNAL"]);
          expect(text).not.toContain("authenticate");
        }
        expect(onError).toHaveBeenCalledTimes(responses.length);
        for (const [error] of onError.mock.calls) {
          expect(error).toBeInstanceOf(TypeError);
          expect(error.message).toContain("authenticate returned an invalid caller: ");
          expect(error.message).toContain(why);
        }
      },
    );

    it("may return a clientId of null, which means none, or of 255 characters", async () => {
      const event = { metric: "m", amount: 1, clientId: "a" };
      const init = { headers: { "Content-Type": "application/json" } };
      const open = await serve(mount, { authenticate: () => ({ tenantId: "t", clientId: null }) });
      expect((await open.post(event)).body.processed).toBe(1);
      expect((await open.request("POST", "/events/replay?all=true", init)).status).toBe(200);
      const clientId = "\u{1f600}".repeat(255);
      const bound = await serve(mount, { authenticate: () => ({ tenantId: "t", clientId }) });
      expect((await bound.post({ metric: "m", amount: 1 })).body.results[0].event.clientId).toBe(clientId);
      expect((await bound.get("/events")).body.events).toHaveLength(1);
    });

    it("leads to a 503 if it throws an EvtError with such a code", async () => {
      const authenticate = () => Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "no keys now"));
      expect(await (await serve(mount, { authenticate })).get("/events")).toMatchObject({ status: 503 });
    });
  });

  describe("a failure of the server", () => {
    const broken = (what: unknown): Partial<Store> => {
      const fail = () => Promise.reject(what);
      return { insert: fail, list: fail, get: fail, aggregate: fail };
    };
    const withStore = (methods: Partial<Store>) =>
      newEvt({ store: overriding<Store>(new MemoryStore(), methods) });
    const secret = "password for user evt";

    it("becomes a 500 without internal details on every route, and onError receives it with its cause", async () => {
      const errors: unknown[] = [];
      const evt = withStore(broken(new TypeError(secret)));
      const api = await serve(mount, { evt, onError: (error) => errors.push(error) });
      const responses = [
        await api.post(purchase),
        await api.get("/events"),
        await api.get(`/events/${"0".repeat(64)}`),
        await api.get("/aggregation"),
      ];
      for (const { status, text, body } of responses) {
        expect([status, body.code, body.title]).toEqual([500, "EVT_INTERNAL", "Internal Server Error"]);
        expect(text).not.toContain(secret);
      }
      expect(errors).toHaveLength(4);
      expect(errors).toMatchObject(Array(4).fill({ cause: { message: secret } }));
    });

    it("that is temporary becomes a 503 with Retry-After, and onError receives it", async () => {
      const onError = vi.fn();
      const evt = withStore(broken(new EvtError("EVT_STORE_UNAVAILABLE", "no connection")));
      const api = await serve(mount, { evt, onError });
      for (const path of ["/events", `/events/${"0".repeat(64)}`, "/aggregation"]) {
        const { status, headers, body } = await api.get(path);
        expect([status, body.code, headers.get("retry-after")]).toEqual([503, "EVT_STORE_UNAVAILABLE", "1"]);
      }
      expect(onError).toHaveBeenCalledTimes(3);
    });

    it("of an event is passed to onError with its cause, once for each request", async () => {
      const onError = vi.fn();
      const cause = new Error("connect ECONNREFUSED");
      const evt = newEvt({
        store: overriding<Store>(new MemoryStore(), {
          insert: () => Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "no connection", { cause })),
        }),
        retry: { attempts: 1 },
      });
      const { status, text } = await (await serve(mount, { evt, onError })).post([purchase, {}, purchase]);
      expect(status).toBe(503);
      expect(text).not.toContain("ECONNREFUSED");
      const expected = expect.objectContaining({ code: "EVT_STORE_UNAVAILABLE", cause });
      expect(onError).toHaveBeenCalledExactlyOnceWith(expected, expect.objectContaining({ method: "POST" }));
    });

    it("becomes a process warning if there is no onError, or onError throws", async () => {
      const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
      const evt = withStore(broken(new TypeError(secret)));
      const unheard = await serve(mount, { evt });
      expect((await unheard.get("/events")).status).toBe(500);
      expect(warn).toHaveBeenLastCalledWith(expect.objectContaining({ code: "EVT_INTERNAL" }));
      const worse = await serve(mount, {
        evt,
        onError: () => {
          throw new Error("the listener's own");
        },
      });
      expect((await worse.get("/events")).status).toBe(500);
      expect(warn).toHaveBeenLastCalledWith(expect.objectContaining({ message: "the listener's own" }));
      warn.mockRestore();
    });

    it("that is temporary becomes one process warning for each code, with the cause, if there is no onError", async () => {
      const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
      const cause = new Error('password authentication failed for user "evt"');
      const down = () => Promise.reject(new EvtError("EVT_STORE_UNAVAILABLE", "no connection", { cause }));
      const outdated = () => Promise.reject(new EvtError("EVT_SCHEMA_OUTDATED", "call migrate(pool)"));
      const store = overriding<Store>(new MemoryStore(), { insert: down, list: down, aggregate: outdated });
      const api = await serve(mount, { evt: newEvt({ store, retry: { attempts: 1 } }) });
      for (let n = 0; n < 3; n++) {
        expect((await api.post(purchase)).status).toBe(503);
        expect((await api.get("/events")).text).not.toContain("password");
        expect((await api.get("/aggregation")).status).toBe(503);
      }
      expect(warn.mock.calls).toEqual([
        [
          expect.stringContaining('no connection (password authentication failed for user "evt")'),
          { type: "EvtWarning", code: "EVT_STORE_UNAVAILABLE" },
        ],
        [
          expect.stringContaining("a request got a 503: call migrate(pool). Later errors with this code"),
          { type: "EvtWarning", code: "EVT_SCHEMA_OUTDATED" },
        ],
      ]);
      warn.mockRestore();
    });

    it("is not reported for errors of the client", async () => {
      const onError = vi.fn();
      const api = await serve(mount, { onError });
      await api.post("{");
      await api.get("/events?foo=1");
      await api.get("/events/0");
      expect(onError).not.toHaveBeenCalled();
    });

    it("does nothing if another handler has responded", async () => {
      const stored = gate();
      const store = new MemoryStore();
      const insert: Store["insert"] = async (...call) => {
        await stored.opened;
        return store.insert(...call);
      };
      const onError = vi.fn();
      const before: Middleware = (_req, res, next) => {
        next();
        res.writeHead(504).end("too slow");
      };
      const api = await serve(mount, { evt: withStore({ insert }), onError }, { before });
      expect((await api.post(purchase)).status).toBe(504);
      stored.open();
      expect((await api.post(purchase)).status).toBe(504);
      expect(onError).not.toHaveBeenCalled();
    });
  });

  describe("a client that disconnects", () => {
    it("during an ingest does not undo it", async () => {
      const asked = gate();
      const free = gate();
      const done = gate();
      const store = new MemoryStore();
      const insert: Store["insert"] = async (...call) => {
        asked.open();
        await free.opened;
        return store.insert(...call).finally(done.open);
      };
      const evt = newEvt({ store: overriding<Store>(store, { insert }) });
      const api = await serve(mount, { evt });
      const body = JSON.stringify(purchase);
      const socket = await dial(api.port);
      const head = `POST /api/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
      socket.write(`${head}\r\n\r\n${body}`);
      await asked.opened;
      socket.destroy();
      free.open();
      await done.opened;
      expect((await api.get("/events")).body.events).toHaveLength(1);
    });
  });
}
