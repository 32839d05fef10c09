import type { Evt, EvtOptions, Mapping } from "@evt/core";
import { describe, expect, it } from "vitest";
import { type Api, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

/** How events are read that real senders send, over any store. */
export function describeReadingEvents(
  mount: Mount,
  make: (options: Partial<EvtOptions>) => Evt | Promise<Evt> = newEvt,
): void {
  const serving = async (mapping: Mapping = {}, clientId?: string) =>
    serve(mount, { evt: await make({ mapping }), authenticate: () => ({ tenantId: "acme", clientId }) });

  /** Returns the outcome, or the codes, of each event, sent one after the other. */
  async function outcomes(api: Api, ...events: readonly (string | object)[]) {
    const results: unknown[] = [];
    for (const event of events) {
      const [result] = (await api.post(event)).body.results;
      results.push(result.issues?.map(({ code }: { code: string }) => code) ?? result.outcome);
    }
    return results;
  }

  const totals = async (api: Api) => {
    const { rows } = (await api.get("/aggregation?groupBy=both")).body;
    return rows.map((row: Record<string, unknown>) => [row.clientId, row.metric, row.sum]);
  };

  describe("an event with fields in a container", () => {
    it("is counted by its own level", async () => {
      const api = await serving();
      const web = { client: "web", type: "signup", count: 1, properties: { source: "google" } };
      const gift = { name: "Purchase", total: "59.97", client: "s", properties: { type: "gift", count: 3 } };
      expect(await outcomes(api, web, gift)).toEqual(["processed", "processed"]);
      expect(await totals(api)).toEqual([
        ["s", "Purchase", "59.97"],
        ["web", "signup", "1"],
      ]);
    });

    it("belongs to the caller, unless it names another client", async () => {
      const api = await serving({}, "client_A");
      const signup = { type: "signup", count: 1, ts: 1_700_000_000 };
      const others = [
        { properties: { source: "google" } },
        { origin: "https://a.example" },
        { client: "ios" },
      ];
      const sent = others.map((other, i) => ({ ...signup, ...other, eventId: `${i}` }));
      expect(await outcomes(api, ...sent)).toEqual(["processed", "processed", "processed"]);
      expect(await totals(api)).toEqual([["client_A", "signup", "3"]]);
      expect(await outcomes(api, { ...signup, clientId: "b" }, { ...signup, client_id: "b" })).toEqual([
        ["client_id_mismatch"],
        ["client_id_mismatch"],
      ]);
    });

    it("has an identity that includes fields of the container", async () => {
      const api = await serving({ identity: { fields: ["order_id"] } });
      const order = (id: unknown) => ({
        client: "c",
        type: "o",
        amount: 1,
        ts: 1_700_000_000,
        data: { order_id: id },
      });
      expect(await outcomes(api, order(1), order(2), order("1"))).toEqual([
        "processed",
        "processed",
        "duplicate",
      ]);
    });
  });

  describe("a JSON number of 64 bits", () => {
    it("is a client, a metric or a key by its digits", async () => {
      const api = await serving();
      const id = "705167622904680449";
      const client = `{"client_id":${id},"type":"x","amount":1,"ts":1700000000}`;
      expect(await outcomes(api, client, client.replace(id, `"${id}"`))).toEqual(["processed", "duplicate"]);
      const key = '{"client":"a","type":"x","amount":1,"event_id":92356927693813857}';
      expect(await outcomes(api, key, key.replace("57}", "58}"), key)).toEqual([
        "processed",
        "processed",
        "duplicate",
      ]);
      expect(await totals(api)).toEqual([
        [id, "x", "1"],
        ["a", "x", "2"],
      ]);
      expect(await outcomes(api, '{"client":1e30,"amount":1}')).toEqual([["client_id_invalid"]]);
    });

    it("may be part of the identity, and is the same as the string of its digits", async () => {
      const raw = await serving({ identity: "raw" });
      const user = '{"client":"a","type":"x","amount":1,"user":{"id":705167622904680449}}';
      expect(await outcomes(raw, user, user.replace("449", "450"), user)).toEqual([
        "processed",
        "processed",
        "duplicate",
      ]);
      const fields = await serving({ identity: { fields: ["order_id"] } });
      const order = (id: string) => `{"client":"a","type":"x","amount":1,"ts":1700000000,"order_id":${id}}`;
      const sent = ["7", '"7"', "705167622904680449", '"705167622904680449"', '"07"'].map(order);
      expect(await outcomes(fields, ...sent)).toEqual([
        "processed",
        "duplicate",
        "processed",
        "duplicate",
        "processed",
      ]);
    });
  });

  describe("a CloudEvent in structured mode", () => {
    it("is read by the names of the mapping first", async () => {
      const api = await serving({ fields: { clientId: "subject" } });
      const tokens = { specversion: "1.0", id: "1", type: "tokens", source: "my-app", data: { amount: 5 } };
      expect(await outcomes(api, { ...tokens, subject: "customer-1" }, tokens)).toEqual([
        "processed",
        ["client_id_missing"],
      ]);
      expect(await totals(api)).toEqual([["customer-1", "tokens", "5"]]);
    });
  });
}
