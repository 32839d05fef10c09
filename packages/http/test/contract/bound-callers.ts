import type { Evt, EvtOptions } from "@evt/core";
import { beforeEach, describe, expect, it } from "vitest";
import { type Api, type ApiResponse, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const CALLERS: Readonly<Record<string, { tenantId: string; clientId?: string }>> = {
  acme: { tenantId: "acme" },
  A: { tenantId: "acme", clientId: "client_A" },
  B: { tenantId: "acme", clientId: "client_B" },
};
const mappings = {
  cost: { fields: { amount: "cost" } },
  customer: { fields: { clientId: "customer" }, defaults: { amount: "1" } },
};
const as = (key: string) => ({ "X-Api-Key": key });
const ids = ({ body }: ApiResponse): string[] => body.events.map(({ id }: { id: string }) => id).sort();

/** What callers bound to a client may read and write, over any store. */
export function describeBoundCallers(
  mount: Mount,
  make: (options: Partial<EvtOptions>) => Evt | Promise<Evt> = newEvt,
): void {
  async function serving(options: Partial<EvtOptions> = {}): Promise<Api> {
    const evt = await make({ mappings, ...options });
    return serve(mount, { evt, authenticate: (req) => CALLERS[req.get("X-Api-Key") ?? ""] });
  }

  async function sent(api: Api, key: string, event: unknown, headers = {}): Promise<string> {
    const { body } = await api.post(event, { headers: { ...as(key), ...headers } });
    const [result] = body.results;
    return result.parkedId ?? result.event.id;
  }

  const replayed = (api: Api, path: string, body?: unknown) =>
    api.request("POST", path, {
      headers: { ...as("acme"), "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

  describe("a caller bound to a client", () => {
    const event = (n: number, more = {}) => ({
      metric: "m",
      amount: n,
      timestamp: "2024-01-01T00:00:00Z",
      n,
      ...more,
    });
    let api: Api;
    let own: string[];
    let others: string[];

    beforeEach(async () => {
      api = await serving();
      own = [
        await sent(api, "A", event(1)),
        await sent(api, "acme", event(2, { clientId: "client_A" })),
        await sent(api, "A", event(3, { amount: "x" })),
        // the caller's client, although the event names another
        await sent(api, "A", event(4, { clientId: "client_B", secret: "of A" })),
        await sent(api, "acme", event(5, { clientId: "client_A", amount: "x" })),
        await sent(api, "A", event(6, { amount: 7, timestamp: "2001-01-01" }), { "Idempotency-Key": "k" }),
        await sent(api, "A", event(6, { amount: 8, timestamp: "2001-01-01" }), { "Idempotency-Key": "k" }),
      ];
      others = [
        await sent(api, "B", event(1, { secret: "of B" })),
        await sent(api, "B", event(3, { amount: "x", secret: "of B" })),
        await sent(api, "B", event(4, { clientId: "client_A", secret: "of B" })),
        await sent(api, "acme", event(2, { clientId: "client_B", secret: "of B" })),
        await sent(api, "acme", event(5, { clientId: "client_B", amount: "x", secret: "of B" })),
        await sent(api, "acme", event(5, { amount: "x", secret: "of B" })),
      ];
    });

    it("lists only the events of its client and the events that it sent", async () => {
      expect(ids(await api.get("/events", as("A")))).toEqual([...own].sort());
      expect(ids(await api.get("/events", as("acme")))).toEqual([...own, ...others].sort());
      const rejected = await api.get("/events?status=rejected&reason=client_id_mismatch", as("A"));
      expect(ids(rejected)).toEqual([own[3]]);
      expect(ids(await api.get("/events?status=processed&clientId=client_A", as("A")))).toHaveLength(3);
    });

    it("pages through its list; its cursors are invalid for other callers", async () => {
      const seen: string[] = [];
      let cursor = "";
      do {
        const { body } = await api.get(`/events?limit=2${cursor && `&cursor=${cursor}`}`, as("A"));
        seen.push(...body.events.map(({ id }: { id: string }) => id));
        cursor = body.nextCursor ?? "";
        if (cursor !== "")
          for (const key of ["B", "acme"])
            expect((await api.get(`/events?limit=2&cursor=${cursor}`, as(key))).status).toBe(400);
      } while (cursor !== "");
      expect(seen.sort()).toEqual([...own].sort());
    });

    it("finds its own events and their history by id, and no others", async () => {
      for (const path of ["", "/history"]) {
        for (const id of own) expect((await api.get(`/events/${id}${path}`, as("A"))).status).toBe(200);
        for (const id of others)
          expect(await api.get(`/events/${id}${path}`, as("A"))).toMatchObject({
            status: 404,
            body: { code: "EVT_NOT_FOUND" },
          });
        for (const id of [...own, ...others])
          expect((await api.get(`/events/${id}${path}`, as("acme"))).status).toBe(200);
      }
    });

    it("reads the history of its own event after a replay, and of no other", async () => {
      await replayed(api, "/events/replay?all=true&mapping=cost");
      expect((await api.get(`/events/${own[2]}/history`, as("A"))).body.attempts).toHaveLength(1);
      expect((await api.get(`/events/${others[1]}/history`, as("A"))).status).toBe(404);
    });

    it("gets the counts of its own events", async () => {
      const { body } = await api.get("/events/counts", as("A"));
      const { rows } = (await api.get("/aggregation", as("A"))).body;
      expect(body).toEqual({ processed: rows[0].count, rejected: 3, failed: 0, conflict: 1 });
      expect((await api.get("/events/counts", as("acme"))).body.rejected).toBeGreaterThan(3);
    });

    it("gets the reasons of its own parked events", async () => {
      const counts = async (key: string, query = "") => {
        const { body } = await api.get(`/events/reasons${query}`, as(key));
        return Object.fromEntries(
          body.reasons.map(({ reasons, count }: { reasons: string[]; count: number }) => [
            reasons.join(),
            count,
          ]),
        );
      };
      expect(await counts("A")).toEqual({
        amount_not_a_number: 2,
        client_id_mismatch: 1,
        amount_differs: 1,
      });
      expect(await counts("A", "?status=conflict")).toEqual({ amount_differs: 1 });
      expect(await counts("B")).toEqual({ amount_not_a_number: 2, client_id_mismatch: 1 });
    });

    it("gets the totals of its client", async () => {
      const rows = async (query: string) => (await api.get(`/aggregation${query}`, as("A"))).body.rows;
      expect(await rows("")).toMatchObject([{ count: 3, sum: "10" }]);
      expect(await rows("?groupBy=both")).toMatchObject([{ clientId: "client_A", count: 3 }]);
      expect(
        await rows("?clientId=client_A&startDate=2024-01-01&endDate=2024-01-01&interval=day"),
      ).toMatchObject([{ count: 2, sum: "3" }]);
    });

    it("gets its own client, and its own metrics", async () => {
      const seen = async (path: string, key: string) => {
        const { body } = await api.get(path, as(key));
        const named = (body.clients ?? body.metrics) as { clientId?: string; metric?: string }[];
        return named.map(({ clientId, metric }) => clientId ?? metric);
      };
      await sent(api, "B", event(1, { metric: "only of B", eventId: "b" }));
      expect(await seen("/events/clients", "A")).toEqual(["client_A"]);
      expect(await seen("/events/clients?prefix=client_B", "A")).toEqual([]);
      expect(await seen("/events/clients", "acme")).toEqual(["client_A", "client_B"]);
      expect(await seen("/events/metrics", "A")).not.toContain("only of B");
      expect(await seen("/events/metrics", "acme")).toContain("only of B");
      expect(await seen("/events/metrics?clientId=client_B", "acme")).toContain("only of B");
      const { status, body } = await api.get("/events/clients?clientId=client_A", as("A"));
      expect([status, body.parameter]).toEqual([400, "clientId"]);
    });

    it.each(["/events", "/events/metrics", "/events/counts", "/events/reasons", "/aggregation"])(
      "gets a 403 if it asks GET %s for another client",
      async (path) => {
        expect(await api.get(`${path}?clientId=client_B`, as("A"))).toMatchObject({
          status: 403,
          body: { code: "EVT_FORBIDDEN", parameter: "clientId" },
        });
        expect((await api.get(`${path}?clientId=client_A`, as("A"))).status).toBe(200);
      },
    );

    it("sees no data of another client on any route", async () => {
      const paths = [
        "/events",
        "/events?status=rejected",
        "/events/clients",
        "/events/metrics",
        "/events/reasons",
        "/aggregation?groupBy=both",
        ...others.flatMap((id) => [`/events/${id}`, `/events/${id}/history`]),
      ];
      for (const path of paths) {
        const { text } = await api.get(path, as("A"));
        expect(text).not.toMatch(/of B/);
        if (!text.includes("of A")) expect(text).not.toContain("client_B");
      }
    });
  });

  describe("events of two clients", () => {
    it.each([
      ["raw", { identity: "raw" as const }],
      ["fields", { identity: { fields: ["order"] } }],
      ["content", {}],
    ])("are never the same event if they are identified by %s", async (_, mapping) => {
      const api = await serving({ mapping });
      const raw = { metric: "m", amount: 1, timestamp: "2024-01-01T00:00:00Z", order: "o", eventId: "e" };
      const { eventId: _id, ...keyless } = raw;
      for (const body of [raw, keyless]) {
        await sent(api, "B", body);
        const other = { ...body, amount: 2 };
        for (const query of ["?dryRun=true", ""]) {
          const { body: report } = await api.post([body, other], { headers: as("A"), query });
          expect(JSON.stringify(report)).not.toContain("client_B");
          expect(report.results[0].outcome).toBe("processed");
        }
      }
    });

    it("are two parked events if both are rejected for the same reason, and each is counted under its own client", async () => {
      const api = await serving();
      const faulty = { metric: "m", cost: 1 };
      const [a, b] = [await sent(api, "A", faulty), await sent(api, "B", faulty)];
      expect(a).not.toBe(b);
      expect(ids(await api.get("/events?clientId=client_B", as("acme")))).toEqual([b]);
      expect((await api.get(`/events/${b}`, as("B"))).body).toMatchObject({
        clientId: "client_B",
        vouchedClientId: "client_B",
        attempts: 1,
      });
      expect((await replayed(api, "/events/replay?all=true&mapping=cost")).body.processed).toBe(2);
      const { body } = await api.get("/aggregation?groupBy=clientId", as("acme"));
      expect(body.rows).toMatchObject([
        { clientId: "client_A", count: 1 },
        { clientId: "client_B", count: 1 },
      ]);
    });

    it("stay apart, with an Idempotency-Key header for a single event and for a batch", async () => {
      const api = await serving();
      const faulty = { metric: "m", cost: 1 };
      for (const key of ["h1", "h2", "h1"]) await sent(api, "A", faulty, { "Idempotency-Key": key });
      await api.post([faulty, faulty], { headers: { ...as("A"), "Idempotency-Key": "batch" } });
      expect((await replayed(api, "/events/replay?all=true&mapping=cost")).body.processed).toBe(4);
    });
  });

  describe("a replay", () => {
    it("rejects an event that names another client than its sender, edited or not", async () => {
      const api = await serving();
      const id = await sent(api, "A", { customer: "client_B", metric: "m", eventId: "e" });
      const all = await replayed(api, "/events/replay?all=true&mapping=customer");
      expect(all).toMatchObject({
        status: 422,
        body: { results: [{ issues: [{ code: "client_id_mismatch" }] }] },
      });
      const edited = { clientId: "client_B", metric: "m", amount: 900 };
      expect((await replayed(api, `/events/${id}/replay`, edited)).body.results).toMatchObject([
        { outcome: "rejected", issues: [{ code: "client_id_mismatch" }] },
      ]);
      expect((await api.get("/aggregation", as("acme"))).body.rows).toMatchObject([{ count: 0 }]);
    });

    it("counts the event for the client that the operator names", async () => {
      const api = await serving();
      const id = await sent(api, "A", { clientId: "client_B", metric: "m", amount: 900 });
      const path = `/events/${id}/replay?clientId=client_B`;
      const { status, body } = await api.request("POST", path, {
        headers: { ...as("A"), "Content-Type": "application/json" },
      });
      expect([status, body.code]).toEqual([403, "EVT_FORBIDDEN"]);
      expect((await replayed(api, path)).body.results).toMatchObject([
        { outcome: "processed", event: { clientId: "client_B" } },
      ]);
    });
  });
}
