import { describe, expect, it } from "vitest";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const envelope = {
  client: "shop",
  total: 2,
  data: [
    { type: "order", amount: 5 },
    { type: "order", amount: 6 },
  ],
};
const click = { client: "web", type: "click", amount: 1, date: "2024-01-01" };

export function describeEnvelopes(mount: Mount): void {
  describe("an envelope of several events", () => {
    const serveUnwrapping = () => serve(mount, { evt: newEvt({ mapping: { unwrap: "data" } }) });

    it("is refused by name if the mapping does not unwrap it", async () => {
      const api = await serve(mount);
      const { status, body } = await api.post(envelope);
      expect(status).toBe(422);
      expect(body.results).toMatchObject([
        { index: 0, outcome: "rejected", issues: [{ code: "event_is_envelope", path: "data" }] },
      ]);
      expect(body.results[0].issues[0].message).toContain('`unwrap: "data"`');
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 0, sum: "0" }]);
    });

    it("has a result for each event, with the index of the envelope and the position in it", async () => {
      const api = await serveUnwrapping();
      const broken = { client: "shop", data: [{ type: "order" }] };
      const { status, body } = await api.post([click, envelope, broken]);
      expect(status).toBe(207);
      expect(body).toMatchObject({ processed: 3, rejected: 1 });
      const places = body.results.map(({ index, part, outcome }: Record<string, unknown>) => [
        index,
        part,
        outcome,
      ]);
      expect(places).toEqual([
        [0, undefined, "processed"],
        [1, 0, "processed"],
        [1, 1, "processed"],
        [2, 0, "rejected"],
      ]);
    });

    it("is counted once, sent again or under an Idempotency-Key", async () => {
      const api = await serveUnwrapping();
      const dated = { ...envelope, date: "2024-01-01" };
      expect((await api.post(dated)).body).toMatchObject({ processed: 2 });
      expect((await api.post(dated)).body).toMatchObject({ processed: 0, duplicates: 2 });
      const headers = { "Idempotency-Key": '"b1"' };
      const twins = { client: "web", data: [click, click] };
      expect((await api.post(twins, { headers })).body).toMatchObject({ processed: 2 });
      expect((await api.post(twins, { headers })).body).toMatchObject({ duplicates: 2 });
    });

    it("is previewed event by event", async () => {
      const api = await serveUnwrapping();
      const { body } = await api.post(envelope, { query: "?dryRun=true" });
      expect(body.results).toMatchObject([
        { index: 0, part: 0, outcome: "processed", canonical: { amount: "5" } },
        { index: 0, part: 1, outcome: "processed", canonical: { amount: "6" } },
      ]);
    });

    it("that was refused is replayed into its events", async () => {
      const mappings = { shop: { unwrap: "data" } };
      const api = await serve(mount, { evt: newEvt({ mappings }) });
      const id = (await api.post({ ...envelope, data: [...envelope.data, {}] })).body.results[0].event.id;
      const replay = (path: string) =>
        api.request("POST", path, { headers: { "Content-Type": "application/json" } });
      const { status, body } = await replay(`/events/${id}/replay?mapping=shop`);
      expect(status).toBe(207);
      expect(body).toMatchObject({ processed: 2, rejected: 1 });
      expect(body.results).toMatchObject([
        {
          parkedId: id,
          outcome: "unwrapped",
          parts: [
            {
              outcome: "processed",
              event: { amount: "5", raw: { type: "order", amount: 5, client: "shop" } },
            },
            { outcome: "processed", event: { amount: "6" } },
            { outcome: "rejected", issues: [{ code: "amount_missing" }] },
          ],
        },
      ]);
      expect((await replay(`/events/${id}/replay?mapping=shop`)).body).toMatchObject({ settled: 1 });
    });

    it("is counted by its events if the replay counts none of them", async () => {
      const api = await serve(mount, { evt: newEvt({ mappings: { shop: { unwrap: "data" } } }) });
      const id = (await api.post({ type: "shop", client: "shop", data: [{}, {}, {}] })).body.results[0].event
        .id;
      const { status, body } = await api.request("POST", `/events/${id}/replay?mapping=shop`, {
        headers: { "Content-Type": "application/json" },
      });
      expect([status, body.rejected]).toEqual([422, 3]);
      expect(body.detail).toBe("none of 3 events was counted; they are parked, and results has the reasons");
    });

    it("without events has no results", async () => {
      const api = await serveUnwrapping();
      const { status, body } = await api.post({ client: "shop", data: [] });
      expect([status, body.results]).toEqual([200, []]);
    });

    it("leaves the results of other events as they are", async () => {
      const api = await serveUnwrapping();
      const { body } = await api.post([click]);
      expect(Object.keys(body.results[0])).toEqual([
        "index",
        "outcome",
        "isDuplicate",
        "identifiedBy",
        "event",
      ]);
    });
  });
}
