import { EvtError, type Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it, vi } from "vitest";
import { gate } from "../gate.js";
import { overriding } from "../overriding.js";
import { broken, click, keyed, purchase, purchaseId } from "../samples.js";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const counts = (body: Record<string, unknown>) => {
  const { success, processed, duplicates, conflicts, rejected, failed } = body;
  return { success, processed, duplicates, conflicts, rejected, failed };
};
const outcomes = (body: { results: { outcome: string }[] }) => body.results.map(({ outcome }) => outcome);

export function describePostEvents(mount: Mount): void {
  describe("POST /events", () => {
    it("returns the documented response for a new event", async () => {
      const api = await serve(mount);
      const { status, headers, body } = await api.post(purchase);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("application/json");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("etag")).toBeNull();
      expect(headers.get("idempotent-replayed")).toBeNull();
      expect(body).toEqual({
        success: true,
        processed: 1,
        duplicates: 0,
        conflicts: 0,
        rejected: 0,
        failed: 0,
        possibleTwins: 0,
        results: [
          {
            index: 0,
            outcome: "processed",
            isDuplicate: false,
            identifiedBy: "content",
            event: {
              id: purchaseId,
              status: "processed",
              clientId: "client_A",
              metric: "purchase",
              amount: "1200",
              timestamp: "2024-01-01T00:00:00.000Z",
              receivedAt: "2026-11-23T09:00:00.000Z",
              raw: purchase,
            },
          },
        ],
      });
    });

    it("returns a resent event as a duplicate with the stored event, and counts it once", async () => {
      const api = await serve(mount);
      const first = await api.post(purchase);
      const { status, headers, body } = await api.post(purchase);
      expect(status).toBe(200);
      expect(headers.get("idempotent-replayed")).toBe("true");
      expect((await api.post([purchase, purchase])).headers.get("idempotent-replayed")).toBeNull();
      expect(counts(body)).toMatchObject({ success: true, processed: 0, duplicates: 1 });
      expect(body.results[0]).toEqual({
        ...first.body.results[0],
        outcome: "duplicate",
        isDuplicate: true,
      });
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 1, sum: "1200" }]);
    });

    it("returns the results of an array in its order, and a 207 if only some events were counted", async () => {
      const api = await serve(mount);
      const { status, headers, body } = await api.post([purchase, broken, click, purchase]);
      expect(status).toBe(207);
      expect(headers.get("content-type")).toBe("application/json");
      expect(outcomes(body)).toEqual(["processed", "rejected", "processed", "duplicate"]);
      expect(body.results.map((result: { index: number }) => result.index)).toEqual([0, 1, 2, 3]);
      expect(counts(body)).toEqual({
        success: false,
        processed: 2,
        duplicates: 1,
        conflicts: 0,
        rejected: 1,
        failed: 0,
      });
    });

    it("returns no results for an empty array", async () => {
      const api = await serve(mount);
      const { status, body } = await api.post([]);
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: true, processed: 0, results: [] });
    });

    it("returns a 422 problem with results if no event was counted, and parks the event with its reason", async () => {
      const api = await serve(mount);
      const { status, headers, body } = await api.post(broken);
      expect(status).toBe(422);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(body).toMatchObject({
        type: "about:blank",
        title: "Unprocessable Entity",
        status: 422,
        code: "amount_not_a_number",
        detail: body.results[0].issues[0].message,
        ...{ success: false, processed: 0, duplicates: 0, conflicts: 0, rejected: 1, failed: 0 },
      });
      const [result] = body.results;
      expect(result).toMatchObject({
        ...{ index: 0, outcome: "rejected", isDuplicate: false },
        issues: [{ code: "amount_not_a_number", path: "payload.amount" }],
        event: { status: "rejected", clientId: "client_A", amount: null, attempts: 1, raw: broken },
      });
      expect(result).not.toHaveProperty("identifiedBy");
      expect((await api.get("/events?status=rejected")).body.events).toEqual([result.event]);
    });

    it("returns 202 with the same results if no event was counted and `acknowledge` is `kept`", async () => {
      const api = await serve(mount, { acknowledge: "kept", simulateFailure: true });
      expect((await api.post(purchase, { query: "?simulateFailure=true" })).status).toBe(503);
      const { status, headers, body } = await api.post(broken);
      expect([status, headers.get("content-type")]).toEqual([202, "application/json"]);
      expect(counts(body)).toMatchObject({ success: false, rejected: 1 });
      expect((await api.get("/events?status=rejected")).body.events).toEqual([body.results[0].event]);
      expect((await api.post(keyed("k", "1"))).status).toBe(200);
      expect((await api.post(keyed("k", "2"))).status).toBe(202);
      expect((await api.post([purchase, broken])).status).toBe(207);
      expect((await api.post(purchase)).status).toBe(200);
    });

    it("takes the key from the first listed header that the request has", async () => {
      const idempotencyKeyHeaders = ["svix-id", "X-Shopify-Webhook-Id"];
      const api = await serve(mount, { idempotencyKeyHeaders });
      const event = { clientId: "c", metric: "m", amount: "1" };
      const send = (headers: Record<string, string>, body: unknown = event) => api.post(body, { headers });
      const keyOf = async (headers: Record<string, string>) =>
        (await send(headers)).body.results[0].event.idempotencyKey;
      expect(await keyOf({ "Svix-Id": "msg_2Lh9KRb0pz" })).toBe("msg_2Lh9KRb0pz");
      expect((await send({ "svix-id": "msg_2Lh9KRb0pz" })).body.duplicates).toBe(1);
      expect(await keyOf({ "x-shopify-webhook-id": "b54557e4", "svix-id": "msg_1" })).toBe("msg_1");
      expect(await keyOf({ "x-shopify-webhook-id": "b54557e4" })).toBe("b54557e4");
      expect(await keyOf({ "Idempotency-Key": '"own"', "svix-id": "msg_2" })).toBe("own");
      expect((await send({ "svix-id": "batch" }, [event, event])).body.processed).toBe(2);
      expect((await send({ "svix-id": "batch" }, [event, event])).body.duplicates).toBe(2);
      const { status, body } = await send({ "svix-id": "a, b" });
      expect([status, body.code]).toEqual([400, "EVT_INVALID_HEADER"]);
      expect(body.detail).toMatch(/^svix-id is malformed/);
      const other = await serve(mount);
      expect(
        (await other.post(event, { headers: { "svix-id": "msg_1" } })).body.results[0].event,
      ).not.toHaveProperty("idempotencyKey");
    });

    it("returns a conflict for other content under a used key, with the stored event and the differences", async () => {
      const api = await serve(mount);
      const first = await api.post(keyed("order-17", "1"));
      const { status, body } = await api.post(keyed("order-17", "2"));
      expect(status).toBe(422);
      expect(counts(body)).toMatchObject({ success: false, conflicts: 1 });
      expect(body.code).toBe("EVT_KEY_CONFLICT");
      const [result] = body.results;
      expect(body.detail).toContain(result.issues[0].message);
      expect(result).toMatchObject({
        ...{ outcome: "conflict", isDuplicate: false, identifiedBy: "key" },
        event: first.body.results[0].event,
        issues: [{ code: "amount_differs", path: "amount" }],
      });
      const parked = (await api.get(`/events/${result.parkedId}`)).body;
      expect(parked).toMatchObject({ status: "conflict", amount: "2", conflictsWith: result.event.id });
      expect((await api.get("/events?status=conflict")).body.events).toEqual([parked]);
    });

    it("returns EVT_NOTHING_COUNTED if no event of several was counted", async () => {
      const api = await serve(mount);
      await api.post(keyed("order-17", "1"));
      const { status, body } = await api.post([broken, keyed("order-17", "2")]);
      expect([status, body.code]).toEqual([422, "EVT_NOTHING_COUNTED"]);
      expect(body.detail).toMatch(/^none of 2 events was counted; /);
    });

    it("does not respond before the store has stored the event", async () => {
      const store = new MemoryStore();
      const inserted = gate();
      const storable = gate();
      const insert: Store["insert"] = async (records, call) => {
        const done = await store.insert(records, call);
        inserted.open();
        await storable.opened;
        return done;
      };
      const api = await serve(mount, { evt: newEvt({ store: overriding<Store>(store, { insert }) }) });
      let responded = false;
      const response = api.post(purchase).finally(() => (responded = true));
      await inserted.opened;
      expect((await api.get("/events")).body.events).toHaveLength(1);
      expect(responded).toBe(false);
      storable.open();
      expect((await response).status).toBe(200);
    });

    it("returns the id and no event for a duplicate of a pruned event", async () => {
      const store = new MemoryStore();
      const insert: Store["insert"] = async (records, call) =>
        (await store.insert(records, call)).map((outcome) =>
          outcome.outcome === "taken" ? { ...outcome, event: null } : outcome,
        );
      const api = await serve(mount, { evt: newEvt({ store: overriding<Store>(store, { insert }) }) });
      await api.post(purchase);
      const { status, body } = await api.post(purchase);
      expect(status).toBe(200);
      expect(body.results[0]).toEqual({
        ...{ index: 0, outcome: "duplicate", isDuplicate: true, identifiedBy: "content" },
        ...{ id: purchaseId, event: null },
      });
    });

    it("returns 503 with Retry-After if parking fails, because nothing was stored", async () => {
      const park: Store["park"] = async () => {
        throw new EvtError("EVT_STORE_UNAVAILABLE", "the disk is full");
      };
      const evt = newEvt({ store: overriding<Store>(new MemoryStore(), { park }), retry: { attempts: 1 } });
      const api = await serve(mount, { evt });
      const { status, headers, body } = await api.post([purchase, broken]);
      expect(status).toBe(503);
      expect(headers.get("retry-after")).toBe("1");
      expect(outcomes(body)).toEqual(["processed", "failed"]);
      expect(body.results[1]).toMatchObject({ kept: false, error: { code: "EVT_STORE_UNAVAILABLE" } });
    });

    it("returns a 503 problem with the failed event if the store is down", async () => {
      const down = async () => {
        throw new EvtError("EVT_STORE_UNAVAILABLE", "connection refused");
      };
      const evt = newEvt({
        store: overriding<Store>(new MemoryStore(), { insert: down, park: down }),
        retry: { attempts: 1 },
      });
      const api = await serve(mount, { evt });
      const { status, headers, body } = await api.post(purchase);
      expect(status).toBe(503);
      expect(headers.get("content-type")).toBe("application/problem+json");
      expect(headers.get("retry-after")).toBe("1");
      expect(body).toMatchObject({ code: "EVT_STORE_UNAVAILABLE", failed: 1, success: false });
      expect(body.results[0]).toMatchObject({
        ...{ outcome: "failed", isDuplicate: false, kept: false },
        error: { code: "EVT_STORE_UNAVAILABLE", message: "connection refused" },
        event: { status: "failed", raw: purchase },
      });
    });

    it("returns 503 EVT_OVERLOADED with Retry-After if the queue is full, and completes the other requests", async () => {
      const store = new MemoryStore();
      const free = gate();
      const insert: Store["insert"] = (records, call) => free.opened.then(() => store.insert(records, call));
      const limits = { waitingRecords: 1, batchesInFlight: 1 };
      const api = await serve(mount, {
        evt: newEvt({ store: overriding<Store>(store, { insert }), limits }),
      });
      const responses = ["a", "b", "c"].map((key) => api.post(keyed(key, "1")));
      const { status, headers, body } = await Promise.race(responses);
      expect(status).toBe(503);
      expect(headers.get("retry-after")).toBe("1");
      expect(body).toMatchObject({ code: "EVT_OVERLOADED", title: "Service Unavailable" });
      expect(body).not.toHaveProperty("results");
      free.open();
      const statuses = await Promise.all(responses.map(async (response) => (await response).status));
      expect(statuses.sort()).toEqual([200, 200, 503]);
    });

    it("returns 503 after evt was closed", async () => {
      const evt = newEvt();
      const api = await serve(mount, { evt });
      await evt.close();
      expect(await api.post(purchase)).toMatchObject({ status: 503, body: { code: "EVT_CLOSED" } });
    });
  });

  describe("POST /events under Prefer: return=minimal", () => {
    it("omits the events, returns their ids, and confirms the preference", async () => {
      const api = await serve(mount);
      const headers = { Prefer: "return=minimal" };
      const response = await api.post([purchase, purchase, broken], { headers });
      expect(response.headers.get("preference-applied")).toBe("return=minimal");
      expect(response.body.results).toEqual([
        { index: 0, outcome: "processed", isDuplicate: false, identifiedBy: "content", id: purchaseId },
        {
          ...{ index: 1, outcome: "duplicate", isDuplicate: true, identifiedBy: "content", id: purchaseId },
          sameAs: 0,
        },
        {
          ...{ index: 2, outcome: "rejected", isDuplicate: false, id: expect.any(String) },
          issues: [expect.objectContaining({ code: "amount_not_a_number" })],
        },
      ]);
    });

    it("confirms the preference on a 422, too, and only if it was sent", async () => {
      const api = await serve(mount);
      const minimal = await api.post(broken, { headers: { Prefer: "return=minimal" } });
      expect(minimal.status).toBe(422);
      expect(minimal.headers.get("preference-applied")).toBe("return=minimal");
      expect((await api.post(purchase)).headers.get("preference-applied")).toBeNull();
    });
  });

  describe("POST /events with an Idempotency-Key", () => {
    const event = {
      clientId: "client_A",
      metric: "purchase",
      amount: "1",
      timestamp: "2024-01-01T00:00:00Z",
    };

    it("uses the header as the key of a single event without a key", async () => {
      const api = await serve(mount);
      const headers = { "Idempotency-Key": '"order-17"' };
      const first = await api.post(event, { headers });
      expect(first.body.results[0]).toMatchObject({
        ...{ outcome: "processed", identifiedBy: "key" },
        event: { idempotencyKey: "order-17" },
      });
      const resent = await api.post(keyed("order-17", "1"));
      expect(resent.body.results[0]).toMatchObject({ outcome: "duplicate", isDuplicate: true });
      const other = await api.post({ ...event, amount: "2" }, { headers });
      expect(other.body.results[0].outcome).toBe("conflict");
    });

    it("treats a bare key like the quoted key", async () => {
      const api = await serve(mount);
      await api.post(event, { headers: { "Idempotency-Key": '"order-17"' } });
      const { body } = await api.post(event, { headers: { "Idempotency-Key": "order-17" } });
      expect(outcomes(body)).toEqual(["duplicate"]);
    });

    it("keeps the key of an event that has one", async () => {
      const api = await serve(mount);
      const { body } = await api.post(keyed("own", "1"), { headers: { "Idempotency-Key": '"header"' } });
      expect(body.results[0].event.idempotencyKey).toBe("own");
    });

    it("stores all events of a batch, including twins", async () => {
      const api = await serve(mount);
      const batch = [event, event, { ...event, amount: "2" }];
      const { body } = await api.post(batch, { headers: { "Idempotency-Key": '"batch-1"' } });
      expect(outcomes(body)).toEqual(["processed", "processed", "processed"]);
    });

    it("recognizes a batch that is resent split and reordered, even in arrays of one event", async () => {
      const api = await serve(mount);
      const headers = { "Idempotency-Key": '"batch-1"' };
      const other = { ...event, amount: "2" };
      await api.post([event, event, other], { headers });
      const parts = [[other, event, event], [event, event], [other]];
      for (const part of parts) {
        const { body } = await api.post(part, { headers });
        expect(new Set(outcomes(body))).toEqual(new Set(["duplicate"]));
      }
    });

    it.each([
      ["empty", ""],
      ["empty within its quotes", '""'],
      ["blank within its quotes", '"  "'],
      ["without its closing quote", '"order-17'],
      ["doubled", '"a", "b"'],
      ["longer than 255 characters", `"${"k".repeat(256)}"`],
    ])("returns 400 for a key that is %s", async (_, key) => {
      const api = await serve(mount);
      const { status, body } = await api.post(event, { headers: { "Idempotency-Key": key } });
      expect(status).toBe(400);
      expect(body.code).toBe("EVT_INVALID_HEADER");
      expect(body.detail).toMatch(/^Idempotency-Key /);
      expect((await api.get("/events")).body.events).toEqual([]);
    });
  });

  describe("POST /events?simulateFailure", () => {
    it("returns 403 unless the router allows it", async () => {
      const api = await serve(mount);
      for (const mode of ["true", "before", "after", "slow"]) {
        const { status, body } = await api.post(purchase, { query: `?simulateFailure=${mode}` });
        expect([status, body.code]).toEqual([403, "EVT_FORBIDDEN"]);
      }
      expect((await api.post(purchase, { query: "?simulateFailure=false" })).status).toBe(200);
    });

    it.each(["true", "before"])(
      "fails before the write with %s; the resent event is counted once",
      async (mode) => {
        const api = await serve(mount, { simulateFailure: true });
        const failed = await api.post(purchase, { query: `?simulateFailure=${mode}` });
        expect(failed.status).toBe(503);
        expect(failed.headers.get("retry-after")).toBe("1");
        expect(failed.body.results[0]).toMatchObject({ outcome: "failed", kept: true });
        expect((await api.get("/events?status=failed")).body.events).toEqual([failed.body.results[0].event]);
        expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 0, sum: "0" }]);

        expect((await api.post(purchase)).body.results[0].outcome).toBe("processed");
        expect((await api.get("/events?status=failed")).body.events).toEqual([]);
        expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 1, sum: "1200" }]);
      },
    );

    it("fails after the write with after; the resent event is a duplicate and counted once", async () => {
      const api = await serve(mount, { simulateFailure: true });
      const { status, body } = await api.post(purchase, { query: "?simulateFailure=after" });
      expect(status).toBe(503);
      expect(outcomes(body)).toEqual(["failed"]);
      expect((await api.post(purchase)).body.results[0].outcome).toBe("duplicate");
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 1, sum: "1200" }]);
    });

    it("makes the failing evts only once", async () => {
      const evt = newEvt();
      const withStore = vi.spyOn(evt, "withStore");
      const api = await serve(mount, { evt, simulateFailure: true });
      for (let i = 0; i < 3; i++) await api.post(purchase, { query: "?simulateFailure=true" });
      expect(withStore).toHaveBeenCalledTimes(3);
    });
  });

  describe("POST /events?dryRun=true", () => {
    it("returns what would happen and where each field comes from, and writes nothing", async () => {
      const api = await serve(mount);
      await api.post(click);
      const { status, body } = await api.post([purchase, click, broken, purchase], { query: "?dryRun=true" });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        dryRun: true,
        ...counts({ success: false, processed: 1, duplicates: 2, conflicts: 0, rejected: 1, failed: 0 }),
      });
      expect(body.results[0]).toEqual({
        ...{ index: 0, outcome: "processed", isDuplicate: false, identifiedBy: "content" },
        ...{ id: purchaseId, identity: purchaseId },
        identityJson:
          '{"amount":"1200","clientId":"client_A","metric":"purchase","timestamp":"2024-01-01T00:00:00.000Z"}',
        canonical: {
          ...{ clientId: "client_A", metric: "purchase", amount: "1200", unit: null, dimensions: null },
          ...{ timestamp: "2024-01-01T00:00:00.000Z", idempotencyKey: null },
        },
        provenance: {
          ...{ clientId: "source", metric: "payload.metric" },
          ...{ amount: "payload.amount", timestamp: "payload.timestamp" },
        },
      });
      expect(body.results[1]).toMatchObject({
        outcome: "duplicate",
        event: { status: "processed", raw: click },
      });
      expect(body.results[2]).toMatchObject({
        ...{ outcome: "rejected", canonical: { clientId: "client_A" } },
        issues: [{ code: "amount_not_a_number" }],
      });
      expect(body.results[3]).toMatchObject({ outcome: "duplicate", event: null });
      expect((await api.get("/events")).body.events).toHaveLength(1);
    });

    it("uses the header's key as ingest would", async () => {
      const api = await serve(mount);
      const headers = { "Idempotency-Key": '"order-17"' };
      const foreseen = await api.post(purchase, { query: "?dryRun=true", headers });
      const { body } = await api.post(purchase, { headers });
      expect(foreseen.body.results[0].id).toBe(body.results[0].event.id);
    });

    it("returns a conflict with the differences", async () => {
      const api = await serve(mount);
      await api.post(keyed("order-17", "1"));
      const { body } = await api.post(keyed("order-17", "2"), { query: "?dryRun=true" });
      expect(body).toMatchObject({ success: false, conflicts: 1 });
      expect(body.results[0]).toMatchObject({ outcome: "conflict", issues: [{ code: "amount_differs" }] });
    });

    it("omits the stored events under Prefer: return=minimal", async () => {
      const api = await serve(mount);
      await api.post(purchase);
      const { body, headers } = await api.post(purchase, {
        query: "?dryRun=true",
        headers: { Prefer: "return=minimal" },
      });
      expect(headers.get("preference-applied")).toBe("return=minimal");
      expect(body.results[0]).not.toHaveProperty("event");
    });

    it("refuses simulateFailure in a dry run", async () => {
      const api = await serve(mount, { simulateFailure: true });
      const { status, body } = await api.post(purchase, { query: "?dryRun=true&simulateFailure=true" });
      expect(status).toBe(400);
      expect(body.parameter).toBe("dryRun");
    });
  });
}
