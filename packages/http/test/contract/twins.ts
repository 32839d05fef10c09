import type { EvtOptions, Store } from "@evt/core";
import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const click = { client: "w", type: "click", amount: 1 };
const sale = { source: "shop", type: "order", total: "10.00", created_at: "2024-01-01T00:00:00Z" };
const outcomes = (body: { results: { outcome: string }[] }) => body.results.map(({ outcome }) => outcome);

/** The tests of equal events and of resends that differ, over HTTP and any store. */
export function describeTwins(
  mount: Mount,
  newStore: () => Promise<Store> = async () => new MemoryStore(),
): void {
  const start = async (mapping: EvtOptions["mapping"] = {}) =>
    serve(mount, { evt: newEvt({ store: await newStore(), mapping }), simulateFailure: true });

  describe("POST /events with equal events", () => {
    it("names the event of the request that a duplicate was merged with", async () => {
      const api = await start();
      const { status, body } = await api.post([click, click, click]);
      expect(status).toBe(200);
      expect(outcomes(body)).toEqual(["processed", "duplicate", "duplicate"]);
      expect(body.results.map(({ sameAs }: { sameAs?: number }) => sameAs)).toEqual([undefined, 0, 0]);
      const preview = await api.post([click, click], { query: "?dryRun=true" });
      expect(preview.body.results[1]).toMatchObject({ outcome: "duplicate", sameAs: 0 });
    });

    it("counts each with `ordinal`, and rejects all but the first with `reject`", async () => {
      const counting = await start({ identical: "ordinal" });
      expect(outcomes((await counting.post([click, click])).body)).toEqual(["processed", "processed"]);
      expect(outcomes((await counting.post([click, click])).body)).toEqual(["duplicate", "duplicate"]);
      const rejecting = await start({ identical: "reject" });
      const { body } = await rejecting.post([click, click]);
      expect(body.results[1]).toMatchObject({ outcome: "rejected", issues: [{ code: "identical_event" }] });
    });

    it("loses no event silently if a batch that got a 503 is sent again in halves", async () => {
      const api = await start();
      const headers = { "Idempotency-Key": '"b1"' };
      const failed = await api.post([click, click], { headers, query: "?simulateFailure=before" });
      expect(failed.status).toBe(503);
      expect(failed.body.detail).toContain("send the whole request again");
      expect(outcomes((await api.post([click], { headers })).body)).toEqual(["processed"]);
      const second = await api.post([click], { headers });
      expect(second.status).toBe(422);
      expect(second.body.results[0]).toMatchObject({
        outcome: "conflict",
        issues: [{ code: "batch_incomplete", message: expect.stringContaining("send the batch whole") }],
      });
      expect(outcomes((await api.post([click, click], { headers })).body)).toEqual([
        "duplicate",
        "processed",
      ]);
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 2 }]);
    });

    it("counts one key once if the mapping says that it decides", async () => {
      const api = await start({ key: "decides" });
      const delivery = (day: number) => ({ ...click, messageId: "m1", ts: `2024-01-0${day}T00:00:00Z` });
      const { body } = await api.post([delivery(1), delivery(2), delivery(3)]);
      expect(outcomes(body)).toEqual(["processed", "duplicate", "duplicate"]);
    });
  });

  describe("POST /events with equal content and another raw event", () => {
    it("names the members that differ, parks the event, and counts it in the response", async () => {
      const api = await start();
      await api.post({ id: 1001, ...sale });
      const { status, body } = await api.post({ id: 1002, ...sale });
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: true, duplicates: 1, possibleTwins: 1 });
      const [result] = body.results;
      expect(result).toMatchObject({ outcome: "duplicate", differs: ["id"] });
      const parked = await api.get(`/events/${result.parkedId}`);
      expect(parked.body).toMatchObject({
        status: "conflict",
        conflictsWith: result.event.id,
        raw: { id: 1002 },
        issues: [{ code: "raw_differs", path: "id" }],
      });
    });

    it("ignores white space and the order of members", async () => {
      const api = await start();
      await api.post('{"client":"a","amount":1,"type":"x","n":{"b":1,"c":[1,2]}}');
      const resent = await api.post(
        '{ "type": "x", "n": { "c": [1, 2], "b": 1 }, "amount": 1, "client": "a" }',
      );
      expect(resent.body).toMatchObject({ duplicates: 1, possibleTwins: 0 });
      expect(resent.body.results[0]).not.toHaveProperty("differs");
    });

    it("is a conflict if the mapping says so", async () => {
      const api = await start({ sameContent: "conflict" });
      await api.post({ id: 1001, ...sale });
      const { status, body } = await api.post({ id: 1002, ...sale });
      expect([status, body.code, body.results[0].outcome]).toEqual([422, "raw_differs", "conflict"]);
    });

    it("names them under Prefer: return=minimal and in a dry run, too", async () => {
      const api = await start();
      await api.post({ id: 1001, ...sale });
      const headers = { Prefer: "return=minimal" };
      for (const query of ["?dryRun=true", ""]) {
        const { body } = await api.post({ id: 1002, ...sale }, { headers, query });
        expect(body).toMatchObject({ possibleTwins: 1, results: [{ differs: ["id"] }] });
      }
    });
  });
}
