import { EvtError, type Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { dial } from "../connection.js";
import { gate } from "../gate.js";
import { overriding } from "../overriding.js";
import { broken, click, keyed, purchase, purchaseId } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const ids = (body: { events: { id: string }[] }) => body.events.map(({ id }) => id);

export function describeQueries(mount: Mount): void {
  describe("a filter that no store can hold", () => {
    it.each([
      ["GET", "/events", "clientId"],
      ["GET", "/events", "metric"],
      ["GET", "/events", "reason"],
      ["GET", "/events/reasons", "clientId"],
      ["GET", "/events/reasons", "metric"],
      ["GET", "/events/reasons", "unit"],
      ["GET", "/events/reasons", "dimension.plan"],
      ["GET", "/events/clients", "prefix"],
      ["GET", "/events/metrics", "prefix"],
      ["GET", "/events/metrics", "clientId"],
      ["GET", "/aggregation", "clientId"],
      ["GET", "/aggregation", "metric"],
      ["POST", "/events/replay", "clientId"],
      ["POST", "/events/replay", "metric"],
      ["POST", "/events/replay", "unit"],
      ["POST", "/events/replay", "dimension.plan"],
      ["POST", "/events/replay", "reason"],
      ["POST", "/events/replay", "mapping"],
    ])("is refused with 400 by name: %s %s, %s", async (method, path, parameter) => {
      const api = await serve(mount);
      for (const value of ["%00", "a%00b", "x%00%20"]) {
        const headers = { "Content-Type": "application/json" };
        const { status, body } = await api.request(method, `${path}?${parameter}=${value}`, { headers });
        expect([status, body.code, body.parameter]).toEqual([400, "EVT_INVALID_QUERY", parameter]);
      }
    });

    it("as an id is not found", async () => {
      const api = await serve(mount);
      for (const path of ["/events/%00", "/events/%00/history"])
        expect((await api.get(path)).status).toBe(404);
    });
  });

  describe("GET /events", () => {
    it("lists counted and parked events, latest received first, each with its members", async () => {
      let now = Date.UTC(2026, 10, 23, 9);
      const api = await serve(mount, {
        evt: newEvt({ runtime: { now: () => now++ } }),
        simulateFailure: true,
      });
      await api.post(keyed("order-17", "1"));
      await api.post(broken);
      await api.post(keyed("order-17", "2"));
      await api.post(click, { query: "?simulateFailure=true" });
      const { status, headers, body } = await api.get("/events");
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(body.nextCursor).toBeNull();
      const [failed, conflict, rejected, processed] = body.events;
      const receivedAt = expect.stringMatching(/^2026-11-23T09:00:00\.\d{3}Z$/);
      const parked = {
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        attempts: 1,
        receivedAt,
        lastAttemptAt: receivedAt,
      };
      expect(failed).toEqual({
        ...parked,
        ...{ status: "failed", clientId: "client_B", metric: "click", amount: "500", issues: [] },
        timestamp: "2024-01-15T10:30:00.000Z",
        error: { code: "EVT_STORE_UNAVAILABLE", message: expect.any(String) },
        raw: click,
      });
      expect(conflict).toEqual({
        ...parked,
        ...{ status: "conflict", clientId: "client_A", metric: "purchase", amount: "2" },
        ...{ timestamp: "2024-01-01T00:00:00.000Z", idempotencyKey: "order-17", conflictsWith: processed.id },
        issues: [{ code: "amount_differs", path: "amount", message: expect.any(String) }],
        raw: keyed("order-17", "2"),
      });
      expect(rejected).toEqual({
        ...parked,
        ...{ status: "rejected", clientId: "client_A", metric: "purchase", amount: null },
        timestamp: rejected.timestamp,
        issues: [{ code: "amount_not_a_number", path: "payload.amount", message: expect.any(String) }],
        raw: broken,
      });
      expect(processed).toEqual({
        ...{ id: processed.id, status: "processed", clientId: "client_A", metric: "purchase", amount: "1" },
        ...{ timestamp: "2024-01-01T00:00:00.000Z", idempotencyKey: "order-17", receivedAt },
        raw: keyed("order-17", "1"),
      });
    });

    it("pages by cursor, and can skip entries", async () => {
      const api = await serve(mount);
      const amounts = Array.from({ length: 7 }, (_, i) => keyed(`k${i}`, String(i)));
      await api.post(amounts);
      const all = ids((await api.get("/events")).body);
      const walked: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const { body } = await api.get(`/events?limit=3${cursor && `&cursor=${cursor}`}`);
        walked.push(...ids(body));
        cursor = body.nextCursor;
      }
      expect(walked).toEqual(all);
      expect(ids((await api.get("/events?limit=2&skip=3")).body)).toEqual(all.slice(3, 5));
    });

    it("filters by client, metric, status and time; the range is half open, and a bare end date includes that day", async () => {
      const api = await serve(mount);
      await api.post([purchase, click, broken]);
      const amountsOf = async (query: string) =>
        (await api.get(`/events?${query}`)).body.events.map((event: { amount: string }) => event.amount);
      expect(await amountsOf("clientId=client_B")).toEqual(["500"]);
      expect(await amountsOf("metric=purchase&status=processed")).toEqual(["1200"]);
      expect(await amountsOf("status=rejected")).toEqual([null]);
      expect(await amountsOf("endDate=2024-01-01&status=processed")).toEqual(["1200"]);
      expect(await amountsOf("startDate=2024-01-15T10:30:00Z&endDate=2024-01-15T10:30:00.001Z")).toEqual([
        "500",
      ]);
      expect(await amountsOf("startDate=2024-01-02&endDate=2024-01-15T10:30:00Z")).toEqual([]);
      expect(await amountsOf("startDate=2024-01-01&endDate=2024-01-01&timeZone=America/New_York")).toEqual(
        [],
      );
    });

    it("takes from and to as other names of startDate and endDate", async () => {
      const api = await serve(mount);
      await api.post([purchase, click]);
      const range = "from=2024-01-15&to=2024-01-15";
      expect((await api.get(`/events?${range}`)).body.events).toMatchObject([{ amount: "500" }]);
      expect((await api.get("/events?from=2024-01-02&endDate=2024-01-14")).body.events).toEqual([]);
      expect((await api.get(`/aggregation?${range}&interval=day`)).body.rows).toMatchObject([{ sum: "500" }]);
      const { status, body } = await api.get("/events/clients?from=2024-01-15");
      expect([status, body.parameter]).toEqual([400, "from"]);
    });

    it.each([
      ["foo=1", "foo", 'unknown parameter "foo"; this path takes clientId, metric, unit, status,'],
      ["__proto__=1", "__proto__", 'unknown parameter "__proto__"'],
      ["Status=failed", "Status", 'unknown parameter "Status"'],
      ["clientId[]=a", "clientId[]", 'unknown parameter "clientId[]"'],
      ["clientId=a&clientId=b", "clientId", "clientId is given more than once"],
      ["clientId=", "clientId", 'clientId is ""; give it a value, or omit it'],
      ["unit=", "unit", 'unit is ""; give it a value, or omit it'],
      ["dimension.plan=", "dimension.plan", 'dimension.plan is ""; give it a value, or omit it'],
      ["dimension.plan=%00", "dimension.plan", 'dimension.plan "\\u0000" contains a lone surrogate or NUL'],
      ["dimension.plan=a&dimension.plan=b", "dimension.plan", "dimension.plan is given more than once"],
      ["dimension.a.b=1", "dimension.a.b", '"a.b" cannot be the name of a dimension'],
      [
        "dimension.__proto__=1",
        "dimension.__proto__",
        'unknown parameter "dimension.__proto__"; this path takes',
      ],
      ["dimension=1", "dimension", 'unknown parameter "dimension"'],
      ["dimensions=1", "dimensions", 'unknown parameter "dimensions"'],
      ["plan=1", "plan", 'unknown parameter "plan"'],
      ["status=lost", "status", 'status is "lost"; it must be one of processed, rejected, failed, conflict'],
      ["limit=0", "limit", 'limit is "0"; it must be a whole number from 1 to 1000'],
      ["limit=1001", "limit", 'limit is "1001"; it must be a whole number from 1 to 1000'],
      ["limit=1e2", "limit", 'limit is "1e2"; it must be'],
      ["limit=-1", "limit", 'limit is "-1"; it must be'],
      ["skip=10001", "skip", 'skip is "10001"; it must be a whole number from 0 to 10000'],
      ["startDate=soon", "startDate", "startDate: "],
      ["from=soon", "from", "from: "],
      ["from=", "from", 'from is ""; give it a value, or omit it'],
      ["to=a&to=b", "to", "to is given more than once"],
      ["startDate=2024&from=2024", "from", "startDate and from are the same parameter; give one of them"],
      ["to=2024&endDate=2024", "endDate", "to and endDate are the same parameter; give one of them"],
      ["endDate=2024-02-30", "endDate", "endDate: "],
      [
        "startDate=2024-02-02&endDate=2024-01-01",
        "startDate",
        "the range begins at 2024-02-02T00:00:00.000Z, but ends before 2024-01-02T00:00:00.000Z",
      ],
      [
        "startDate=2024-01-02&endDate=2024-01-01",
        "startDate",
        "the range begins at 2024-01-02T00:00:00.000Z, but ends before 2024-01-02T00:00:00.000Z",
      ],
      ["timeZone=Mars/Base", "timeZone", 'timeZone "Mars/Base" is unknown'],
      ["cursor=abc", "cursor", 'cursor "abc" is not valid'],
    ])("returns 400 for ?%s and names %s", async (query, parameter, beginning) => {
      const api = await serve(mount);
      const { status, headers, body } = await api.get(`/events?${query}`);
      expect(status).toBe(400);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body).toMatchObject({
        type: "about:blank",
        title: "Bad Request",
        status: 400,
        code: "EVT_INVALID_QUERY",
        parameter,
      });
      expect(body.detail.slice(0, beginning.length)).toBe(beginning);
    });

    it("returns 400 for a cursor of another filter", async () => {
      const api = await serve(mount);
      await api.post([purchase, click]);
      const { nextCursor } = (await api.get("/events?limit=1")).body;
      const { status, body } = await api.get(`/events?limit=1&metric=click&cursor=${nextCursor}`);
      expect([status, body.parameter]).toEqual([400, "cursor"]);
    });

    it("aborts its reads when the client disconnects", async () => {
      const asked = gate();
      const givenUp = gate();
      const list: Store["list"] = (_, { signal }) => {
        asked.open();
        return new Promise<never>((_, reject) => {
          signal.addEventListener("abort", () => {
            givenUp.open();
            reject(new EvtError("EVT_STORE_UNAVAILABLE", "given up"));
          });
        });
      };
      const errors: unknown[] = [];
      const evt = newEvt({ store: overriding<Store>(new MemoryStore(), { list }) });
      const api = await serve(mount, { evt, onError: (error) => errors.push(error) });
      const socket = await dial(api.port);
      socket.write("GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n");
      await asked.opened;
      socket.destroy();
      await givenUp.opened;
      await api.get("/aggregation");
      expect(errors).toEqual([]);
    });
  });

  describe("GET /events/:id", () => {
    it("returns a counted event", async () => {
      const api = await serve(mount);
      const { body } = await api.post(purchase);
      const { status, body: event } = await api.get(`/events/${purchaseId}`);
      expect(status).toBe(200);
      expect(event).toEqual(body.results[0].event);
    });

    it("returns a parked event", async () => {
      const api = await serve(mount);
      const { event } = (await api.post(broken)).body.results[0];
      expect((await api.get(`/events/${event.id}`)).body).toEqual(event);
    });

    it("returns the attempts of a resent event, and when it was resolved", async () => {
      const api = await serve(mount, { simulateFailure: true });
      await api.post(purchase, { query: "?simulateFailure=true" });
      const { id } = (await api.post(purchase, { query: "?simulateFailure=true" })).body.results[0].event;
      expect((await api.get(`/events/${id}`)).body).toMatchObject({ status: "failed", attempts: 2 });
      await api.post(purchase);
      expect((await api.get(`/events/${id}`)).body.resolvedAt).toBe("2026-11-23T09:00:00.000Z");
    });

    it.each([
      ["of no event", "0".repeat(64)],
      ["that is no id", "stream"],
      ["of a prototype's member", "__proto__"],
    ])("returns 404 for an id %s", async (_, id) => {
      const api = await serve(mount);
      const { status, headers, body } = await api.get(`/events/${id}`);
      expect(status).toBe(404);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body).toMatchObject({ title: "Not Found", status: 404, code: "EVT_NOT_FOUND" });
    });

    it("returns 404 for another tenant's id", async () => {
      const api = await serve(mount, { authenticate: (req) => ({ tenantId: req.get("X-Tenant") ?? "" }) });
      await api.post(purchase, { headers: { "X-Tenant": "a" } });
      expect((await api.get(`/events/${purchaseId}`, { "X-Tenant": "a" })).status).toBe(200);
      expect((await api.get(`/events/${purchaseId}`, { "X-Tenant": "b" })).status).toBe(404);
    });

    it("takes no parameters", async () => {
      const api = await serve(mount);
      const { status, body } = await api.get(`/events/${purchaseId}?limit=1`);
      expect([status, body.parameter]).toEqual([400, "limit"]);
      expect(body.detail).toBe('unknown parameter "limit"; this path takes none');
    });

    it("returns 400 for a path that cannot be decoded", async () => {
      const api = await serve(mount);
      const { status, body } = await api.get("/events/%E0%A4%A");
      expect([status, body.code]).toEqual([400, "EVT_INVALID_PATH"]);
    });
  });

  describe("GET /events/clients and GET /events/metrics", () => {
    it("return the documented responses, page by page", async () => {
      const api = await serve(mount);
      await api.post([purchase, click, broken, keyed("k", "1")]);
      const [january, later] = ["2024-01-01T00:00:00.000Z", "2024-01-15T10:30:00.000Z"];
      const { status, body } = await api.get("/events/clients?limit=1");
      expect([status, body]).toEqual([
        200,
        {
          clients: [{ clientId: "client_A", firstSeenAt: january, lastSeenAt: january }],
          nextCursor: expect.any(String),
        },
      ]);
      expect((await api.get(`/events/clients?limit=1&cursor=${body.nextCursor}`)).body).toEqual({
        clients: [{ clientId: "client_B", firstSeenAt: later, lastSeenAt: later }],
        nextCursor: null,
      });
      expect((await api.get("/events/metrics")).body).toEqual({
        metrics: [
          { metric: "click", firstSeenAt: later, lastSeenAt: later },
          { metric: "purchase", firstSeenAt: january, lastSeenAt: january },
        ],
        nextCursor: null,
      });
      expect((await api.get("/events/metrics?clientId=client_B&prefix=c")).body.metrics).toHaveLength(1);
      expect((await api.get("/events/clients?prefix=client_b")).body).toEqual({
        clients: [],
        nextCursor: null,
      });
    });

    it.each([
      [
        "/events/clients?clientId=a",
        "clientId",
        'unknown parameter "clientId"; this path takes prefix, limit, cursor',
      ],
      ["/events/metrics?metric=a", "metric", "this path takes prefix, limit, cursor, clientId"],
      ["/events/clients?limit=0", "limit", 'limit is "0"; it must be a whole number from 1 to 1000'],
      ["/events/metrics?limit=1001", "limit", 'limit is "1001"; it must be a whole number from 1 to 1000'],
      ["/events/clients?prefix=", "prefix", 'prefix is ""; give it a value, or omit it'],
      ["/events/metrics?prefix=a&prefix=b", "prefix", "prefix is given more than once"],
      ["/events/metrics?cursor=x", "cursor", 'cursor "x" is not valid'],
    ])("refuse %s with a 400 that names the parameter", async (path, parameter, detail) => {
      const { status, body } = await (await serve(mount)).get(path);
      expect([status, body.code, body.parameter]).toEqual([400, "EVT_INVALID_QUERY", parameter]);
      expect(body.detail).toContain(detail);
    });
  });

  describe("GET /aggregation", () => {
    it("returns the documented response for totals by client and metric", async () => {
      const api = await serve(mount);
      await api.post(purchase);
      const { status, body } = await api.get("/aggregation?groupBy=both");
      expect(status).toBe(200);
      expect(body).toEqual({
        ...{ groupBy: "both", interval: null, timeZone: "UTC", answeredFrom: "events" },
        rows: [
          {
            ...{ clientId: "client_A", metric: "purchase", unit: null, count: 1 },
            ...{ sum: "1200", average: "1200", min: "1200", max: "1200" },
          },
        ],
        nextCursor: null,
      });
    });

    it("returns one row without grouping, even without events", async () => {
      const api = await serve(mount);
      expect((await api.get("/aggregation")).body).toEqual({
        ...{ groupBy: "none", interval: null, timeZone: "UTC", answeredFrom: "events" },
        rows: [{ unit: null, count: 0, sum: "0", average: null, min: null, max: null }],
        nextCursor: null,
      });
    });

    it("takes a repeated groupBy as a list, and no other repeated parameter", async () => {
      const api = await serve(mount);
      await api.post([purchase, click]);
      const listed = await api.get("/aggregation?groupBy=metric,clientId");
      const repeated = await api.get("/aggregation?groupBy=metric&groupBy=clientId");
      expect(repeated.text).toBe(listed.text);
      expect(listed.body.rows).toHaveLength(2);
      for (const query of ["groupBy=none&groupBy=metric", "metric=a&metric=b", "limit=1&limit=1"]) {
        const { status, body } = await api.get(`/aggregation?${query}`);
        expect([status, body.parameter]).toEqual([400, query.slice(0, query.indexOf("="))]);
      }
    });

    it("groups by client or by metric, and sums exactly", async () => {
      const api = await serve(mount);
      await api.post([
        keyed("a", "0.1"),
        keyed("b", "0.2"),
        { ...keyed("c", "1e-18"), metric: "other" },
        click,
      ]);
      const rows = async (query: string) => (await api.get(`/aggregation?${query}`)).body.rows;
      expect(await rows("groupBy=clientId")).toMatchObject([
        { clientId: "client_A", count: 3, sum: "0.300000000000000001" },
        { clientId: "client_B", count: 1, sum: "500" },
      ]);
      expect(await rows("groupBy=metric")).toMatchObject([
        { metric: "click", sum: "500" },
        { metric: "other", sum: "0.000000000000000001" },
        { metric: "purchase", sum: "0.3", average: "0.15" },
      ]);
      expect(await rows("metric=purchase&clientId=client_A")).toMatchObject([{ count: 2, sum: "0.3" }]);
    });

    it("returns a row for each unit, and filters and groups by unit and dimensions", async () => {
      const api = await serve(mount, {
        evt: newEvt({ mapping: { dimensions: { plan: "plan", constructor: "c" } } }),
      });
      await api.post([
        { ...keyed("a", "1"), currency: "EUR", plan: "pro" },
        { ...keyed("b", "2"), currency: "USD", plan: "pro", c: "x" },
        { ...keyed("c", "4"), currency: "EUR" },
        keyed("d", "8"),
      ]);
      const sums = async (query: string) => {
        const { rows } = (await api.get(`/aggregation?${query}`)).body;
        return rows.map((row: Record<string, unknown>) => [row["unit"], row["dimensions"] ?? {}, row["sum"]]);
      };
      expect(await sums("")).toEqual([
        [null, {}, "8"],
        ["EUR", {}, "5"],
        ["USD", {}, "2"],
      ]);
      expect(await sums("unit=EUR")).toEqual([["EUR", {}, "5"]]);
      expect(await sums("unit=eur")).toEqual([["eur", {}, "0"]]);
      expect(await sums("dimension.plan=pro&dimension.constructor=x")).toEqual([["USD", {}, "2"]]);
      expect(await sums("groupBy=dimension.plan,metric")).toEqual([
        [null, { plan: null }, "8"],
        ["EUR", { plan: null }, "4"],
        ["EUR", { plan: "pro" }, "1"],
        ["USD", { plan: "pro" }, "2"],
      ]);
      const { events } = (await api.get("/events?unit=EUR&dimension.plan=pro")).body;
      expect(events).toMatchObject([{ amount: "1", unit: "EUR", dimensions: { plan: "pro" } }]);
      const [plain] = (await api.get("/events?limit=1&skip=0")).body.events.filter(
        ({ amount }: { amount: string }) => amount === "8",
      );
      if (plain !== undefined) expect(Object.keys(plain)).not.toContain("unit");
    });

    it.each([
      ["groupBy=all", 'groupBy is "all"; it must be one of none, clientId, metric, both, or a list such as'],
      ["groupBy=", 'groupBy is ""; it must be one of'],
      ["groupBy=metric,none", 'groupBy is "metric,none"; it must be one of'],
      ["groupBy=dimension.", 'groupBy is "dimension."; it must be one of'],
      ["groupBy=dimension.a.b", '"a.b" cannot be the name of a dimension'],
      ["groupBy=unit", 'groupBy is "unit"; it must be one of'],
    ])("returns 400 for ?%s and names groupBy", async (query, beginning) => {
      const api = await serve(mount);
      const { status, body } = await api.get(`/aggregation?${query}`);
      expect([status, body.code, body.parameter]).toEqual([400, "EVT_INVALID_QUERY", "groupBy"]);
      expect(body.detail.slice(0, beginning.length)).toBe(beginning);
    });

    it("returns buckets with their starts in the time zone, without empty ones", async () => {
      const api = await serve(mount);
      await api.post([purchase, click]);
      const { body } = await api.get(
        "/aggregation?interval=day&startDate=2023-12-31&endDate=2024-01-31&timeZone=America/New_York",
      );
      expect(body).toMatchObject({ groupBy: "none", interval: "day", timeZone: "America/New_York" });
      expect(body.rows).toMatchObject([
        { bucket: "2023-12-31T00:00:00.000-05:00", count: 1, sum: "1200" },
        { bucket: "2024-01-15T00:00:00.000-05:00", count: 1, sum: "500" },
      ]);
    });

    it("returns 422 EVT_TOO_WIDE for too many rows, never only some of them", async () => {
      const api = await serve(mount, { evt: newEvt({ limits: { aggregationRows: 1 } }) });
      await api.post([purchase, click]);
      const { status, body } = await api.get("/aggregation?groupBy=metric");
      expect([status, body.code]).toEqual([422, "EVT_TOO_WIDE"]);
      expect(body).not.toHaveProperty("rows");
    });

    it("returns the groups with the greatest totals page by page, and no error for many groups", async () => {
      const api = await serve(mount, { evt: newEvt({ limits: { aggregationRows: 2 } }) });
      const amounts = { a: "9", b: "10", c: "-1", d: "9", e: "9.5" };
      await api.post(
        Object.entries(amounts).map(([client, amount]) => ({ ...keyed(client, amount), clientId: client })),
      );
      const path = "/aggregation?groupBy=clientId&orderBy=sum&limit=2";
      const walked: string[][] = [];
      let cursor: string | null = "";
      while (cursor !== null && walked.length < 5) {
        const { status, body } = await api.get(`${path}${cursor && `&cursor=${cursor}`}`);
        expect(status).toBe(200);
        walked.push(body.rows.map((row: { clientId: string }) => row.clientId));
        cursor = body.nextCursor;
      }
      expect(walked).toEqual([["b", "e"], ["a", "d"], ["c"]]);
      const least = await api.get(`${path}&direction=asc`);
      expect(least.body.rows.map((row: { sum: string }) => row.sum)).toEqual(["-1", "9"]);
    });

    it("returns 400 for a cursor of another query", async () => {
      const api = await serve(mount);
      await api.post([purchase, click]);
      const path = "/aggregation?groupBy=clientId&limit=1";
      const { nextCursor } = (await api.get(path)).body;
      expect((await api.get(`${path}&cursor=${nextCursor}`)).body.rows).toHaveLength(1);
      for (const other of ["orderBy=sum", "direction=desc", "metric=click", "startDate=2024-01-01"]) {
        const { status, body } = await api.get(`${path}&${other}&cursor=${nextCursor}`);
        expect([other, status, body.parameter]).toEqual([other, 400, "cursor"]);
      }
    });

    it.each([
      ["skip=1", "skip", 'unknown parameter "skip"; this path takes clientId, metric,'],
      ["limit=0", "limit", 'limit is "0"; it must be a whole number of at least 1'],
      ["limit=10001", "limit", "limit is 10001; use a whole number from 1 to 10000"],
      ["limit=all", "limit", 'limit is "all"; it must be a whole number of at least 1'],
      ["orderBy=average", "orderBy", 'orderBy is "average"; it must be one of count, sum, min, max, bucket,'],
      ["orderBy=clientId", "orderBy", "orderBy clientId needs groupBy with clientId"],
      ["orderBy=bucket", "orderBy", "orderBy bucket needs an interval"],
      ["orderBy=dimension.plan", "orderBy", "orderBy dimension.plan needs groupBy with dimension.plan"],
      ["direction=down", "direction", 'direction is "down"; it must be one of asc, desc'],
      ["cursor=abc", "cursor", 'cursor is "abc"; it needs limit'],
      ["limit=1&cursor=abc", "cursor", 'cursor "abc" is not valid'],
      ["groupBy=day", "groupBy", 'groupBy is "day"; it must be one of none, clientId, metric, both'],
      ["interval=year", "interval", 'interval is "year"; it must be one of hour, day, week, month'],
      ["interval=day&startDate=2024-01-01", "interval", 'interval is "day"; it needs startDate and endDate'],
      ["timeZone=utc+1", "timeZone", 'timeZone "utc 1" is unknown'],
    ])("returns 400 for ?%s and names %s", async (query, parameter, beginning) => {
      const api = await serve(mount);
      const { status, body } = await api.get(`/aggregation?${query}`);
      expect([status, body.code, body.parameter]).toEqual([400, "EVT_INVALID_QUERY", parameter]);
      expect(body.detail.slice(0, beginning.length)).toBe(beginning);
    });
  });
}
