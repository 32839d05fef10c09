import { describe, expect, it } from "vitest";
import { broken, purchase } from "../samples.js";
import { type Api, type ApiResponse, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const mappings = { cost: { fields: { amount: "cost" } } };
const nameless = { clientId: "a", metric: "click", cost: "5", timestamp: "2024-01-01T00:00:00Z" };

function serving(mount: Mount, options = {}): Promise<Api> {
  return serve(mount, { evt: newEvt({ mappings }), ...options });
}

async function parked(api: Api, event: unknown): Promise<string> {
  return (await api.post(event)).body.results[0].event.id;
}

function replay(api: Api, path: string, body?: unknown, headers = {}): Promise<ApiResponse> {
  return api.request("POST", path, {
    headers: { "Content-Type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export function describeReplay(mount: Mount): void {
  describe("GET /events/reasons", () => {
    it("counts the parked events by status and reasons", async () => {
      const api = await serving(mount);
      await api.post([broken, { ...broken, note: 1 }, nameless, purchase]);
      const { status, body } = await api.get("/events/reasons");
      expect([status, body]).toEqual([
        200,
        {
          reasons: [
            {
              status: "rejected",
              reasons: ["amount_not_a_number"],
              count: 2,
              firstReceivedAt: "2026-11-23T09:00:00.000Z",
              lastAttemptAt: "2026-11-23T09:00:00.000Z",
            },
            expect.objectContaining({ reasons: ["amount_missing"], count: 1 }),
          ],
        },
      ]);
      expect((await api.get("/events/reasons?status=failed")).body).toEqual({ reasons: [] });
      expect((await api.get("/events?reason=amount_missing")).body.events).toHaveLength(1);
    });

    it("filters by unit and dimensions, like the replay of parked events", async () => {
      const evt = newEvt({ mapping: { dimensions: { plan: "plan" } } });
      const api = await serve(mount, { evt });
      await api.post([
        { ...broken, currency: "EUR", plan: "pro" },
        { ...broken, currency: "EUR", plan: "free" },
        { ...broken, plan: "pro" },
      ]);
      for (const [query, count] of [
        ["unit=EUR", 2],
        ["dimension.plan=pro", 2],
        ["unit=EUR&dimension.plan=pro", 1],
        ["unit=USD", 0],
      ] as const) {
        const { body } = await api.get(`/events/reasons?${query}`);
        expect([query, body.reasons[0]?.count ?? 0]).toEqual([query, count]);
        const dry = await replay(api, `/events/replay?${query}&dryRun=true`);
        expect([query, dry.body.results.length]).toEqual([query, count]);
      }
    });

    it("refuses other parameters by name", async () => {
      const api = await serving(mount);
      const { status, body } = await api.get("/events/reasons?status=processed");
      expect([status, body.parameter]).toEqual([400, "status"]);
    });
  });

  describe("POST /events/:id/replay", () => {
    it("counts a parked event once by a fixed mapping, and shows the history of both events", async () => {
      const api = await serving(mount);
      const id = await parked(api, nameless);
      const refused = await replay(api, `/events/${id}/replay`);
      expect([refused.status, refused.body.code]).toEqual([422, "EVT_NOTHING_COUNTED"]);
      expect(refused.body.results).toMatchObject([{ parkedId: id, issues: [{ code: "amount_missing" }] }]);
      const dry = await replay(api, `/events/${id}/replay?mapping=cost&dryRun=true`);
      expect([dry.status, dry.body.dryRun, dry.body.processed]).toEqual([200, true, 1]);
      const counted = await replay(api, `/events/${id}/replay?mapping=cost`);
      expect(counted).toMatchObject({ status: 200, body: { success: true, processed: 1, nextCursor: null } });
      const [{ event }] = counted.body.results;
      expect(event).toMatchObject({ status: "processed", amount: "5", raw: nameless });
      const again = await replay(api, `/events/${id}/replay?mapping=cost`);
      expect(again).toMatchObject({
        status: 200,
        body: { settled: 1, results: [{ outcome: "settled", id: event.id }] },
      });
      const history = (await api.get(`/events/${id}/history`)).body.attempts;
      expect(history.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["rejected", "processed"]);
      expect((await api.get(`/events/${event.id}/history`)).body.attempts).toEqual(history.slice(1));
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 1, sum: "5" }]);
    });

    it("counts the event that is sent as a replacement", async () => {
      const api = await serving(mount);
      const id = await parked(api, broken);
      const { status, body } = await replay(api, `/events/${id}/replay`, purchase);
      expect(status).toBe(200);
      expect(body.results[0].event).toMatchObject({ amount: "1200", raw: purchase });
    });

    it("refuses a replacement that is not a single event, and changes nothing", async () => {
      const api = await serving(mount);
      const id = await parked(api, broken);
      const path = `/events/${id}/replay`;
      expect((await replay(api, path, [purchase])).body.code).toBe("EVT_INVALID_EVENT");
      const headers = { "Content-Type": "application/json" };
      expect((await api.request("POST", path, { headers, body: "{" })).body.code).toBe("EVT_BODY_NOT_JSON");
      expect((await api.request("POST", path, { body: "x" })).status).toBe(415);
      expect((await api.get("/events?status=rejected")).body.events).toHaveLength(1);
    });

    it("returns 404 for an unknown id, and 400 for an unknown mapping", async () => {
      const api = await serving(mount);
      expect((await replay(api, "/events/nonsense/replay")).status).toBe(404);
      expect((await api.get("/events/nonsense/history")).status).toBe(404);
      const id = await parked(api, broken);
      expect((await api.get(`/events/${id}/history`)).body).toEqual({ attempts: [] });
      const { status, body } = await replay(api, `/events/${id}/replay?mapping=none`);
      expect([status, body.parameter]).toEqual([400, "mapping"]);
      expect(body.detail).toBe('no mapping is named "none"');
    });

    it("is a 500, not a 400, if a replay with a mapping fails for another reason", async () => {
      const evt = newEvt({ mappings }).withStore(
        (store) =>
          new Proxy(store, {
            get: (target, name) => {
              const member: unknown = Reflect.get(target, name);
              if (name === "replay") return undefined;
              return typeof member === "function" ? member.bind(target) : member;
            },
          }),
      );
      const api = await serving(mount, { evt });
      for (const path of ["/events/nonsense/replay?mapping=cost", "/events/replay?all=true&mapping=cost"]) {
        const { status, body } = await replay(api, path);
        expect([status, body.code]).toEqual([500, "EVT_INTERNAL"]);
      }
    });

    it("is refused for a caller bound to a client, and for another tenant", async () => {
      const evt = newEvt({ mappings });
      const api = await serving(mount, { evt });
      const id = await parked(api, nameless);
      const client = await serving(mount, {
        evt,
        authenticate: () => ({ tenantId: "default", clientId: "a" }),
      });
      const path = `/events/${id}/replay?mapping=cost`;
      expect((await replay(client, path)).status).toBe(403);
      expect((await replay(client, "/events/replay?all=true&mapping=cost")).status).toBe(403);
      const other = await serving(mount, { evt, authenticate: () => ({ tenantId: "other" }) });
      expect((await replay(other, path)).status).toBe(404);
      expect((await other.get(`/events/${id}/history`)).status).toBe(404);
      expect((await other.get("/events/reasons")).body.reasons).toEqual([]);
      expect((await replay(other, "/events/replay?all=true&mapping=cost")).body.results).toEqual([]);
    });
  });

  describe("POST /events/replay", () => {
    it("replays the parked events of a filter, one page at a time", async () => {
      const api = await serving(mount);
      const events = [1, 2, 3].map((cost) => ({ ...nameless, cost }));
      await api.post([...events, broken]);
      const first = await replay(api, "/events/replay?reason=amount_missing&mapping=cost&limit=2");
      expect(first).toMatchObject({ status: 200, body: { processed: 2 } });
      const cursor = encodeURIComponent(first.body.nextCursor);
      const rest = await replay(
        api,
        `/events/replay?reason=amount_missing&mapping=cost&limit=2&cursor=${cursor}`,
      );
      expect(rest).toMatchObject({ status: 200, body: { processed: 1, nextCursor: null } });
      const all = await replay(api, "/events/replay?all=true&mapping=cost");
      expect(all).toMatchObject({ status: 422, body: { processed: 0, rejected: 1 } });
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 3, sum: "6" }]);
    });

    it("needs a filter, or all=true", async () => {
      const api = await serving(mount);
      await api.post([broken]);
      for (const query of ["", "?limit=1", "?timeZone=UTC", "?all=false", "?all"]) {
        const { status, body } = await replay(api, `/events/replay${query}`);
        expect([query, status, body.parameter]).toEqual([query, 400, "all"]);
      }
      expect((await api.get("/events")).body.events).toMatchObject([{ attempts: 1 }]);
    });

    it("returns 207 if some events stay parked", async () => {
      const api = await serving(mount);
      await api.post([nameless, broken]);
      expect(await replay(api, "/events/replay?all=true&mapping=cost")).toMatchObject({
        status: 207,
        body: { success: false, processed: 1, rejected: 1 },
      });
    });

    it.each(["status=processed", "limit=0", "limit=1001", "cursor=x", "nonsense=1", "mapping=none"])(
      "refuses %s by name",
      async (query) => {
        const api = await serving(mount);
        const { status, body } = await replay(api, `/events/replay?all=true&${query}`);
        expect([status, body.parameter]).toEqual([400, query.split("=")[0]]);
      },
    );
  });
}
