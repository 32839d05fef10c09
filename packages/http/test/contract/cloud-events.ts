import type { Evt, EvtOptions } from "@evt/core";
import { describe, expect, it } from "vitest";
import { replyTo } from "../connection.js";
import { type Api, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const attributes = {
  "ce-specversion": "1.0",
  "ce-id": "1",
  "ce-source": "my-app",
  "ce-type": "tokens",
};

/** How CloudEvents in binary mode are read, over any store. */
export function describeCloudEvents(
  mount: Mount,
  make: (options: Partial<EvtOptions>) => Evt | Promise<Evt> = newEvt,
): void {
  const serving = async (options: Partial<EvtOptions> = {}) => serve(mount, { evt: await make(options) });

  const send = async (api: Api, data: unknown, more: Record<string, string> = {}) => {
    const { status, body } = await api.post(data, { headers: { ...attributes, ...more } });
    return { status, code: body.code, result: body.results?.[0], count: body.results?.length };
  };

  describe("a CloudEvent in binary mode", () => {
    it("is read from its headers and its body", async () => {
      const api = await serving();
      const { status, result } = await send(api, { amount: 5 }, { "ce-subject": "a%20b%E2%82%AC" });
      expect(status).toBe(200);
      expect(result.event).toMatchObject({
        clientId: "my-app",
        metric: "tokens",
        amount: "5",
        idempotencyKey: "1",
        raw: {
          specversion: "1.0",
          id: "1",
          source: "my-app",
          type: "tokens",
          subject: "a b€",
          datacontenttype: "application/json",
          data: { amount: 5 },
        },
      });
    });

    it("is two events with two ids, and the same event as in structured mode", async () => {
      const api = await serving();
      expect((await send(api, { amount: 5 })).result.outcome).toBe("processed");
      expect((await send(api, { amount: 5 }, { "ce-id": "2" })).result.outcome).toBe("processed");
      const structured = {
        specversion: "1.0",
        id: "2",
        source: "my-app",
        type: "tokens",
        data: { amount: 5 },
      };
      const type = { "Content-Type": "application/cloudevents+json" };
      const { body } = await api.post(structured, { headers: type });
      expect(body.results[0].outcome).toBe("duplicate");
      expect((await api.get("/aggregation")).body.rows).toMatchObject([{ count: 2, sum: "10" }]);
    });

    it("may have data of any JSON type, and keeps its digits", async () => {
      const api = await serving({ mapping: { fields: { amount: "data.0.amount" } } });
      const { result, count } = await send(api, '[{"amount": 1, "n": 9007199254740993}, {"amount": 2}]');
      expect([count, result.outcome, result.event.amount]).toEqual([1, "processed", "1"]);
      const { text } = await api.get(`/events/${result.event.id}`);
      expect(text).toContain('"data":[{"amount": 1, "n": 9007199254740993}, {"amount": 2}]');
    });

    it("may have no body and no type", async () => {
      const api = await serving({ mapping: { defaults: { amount: "1" } } });
      const { status, body } = await api.request("POST", "/events", { headers: attributes });
      expect(status).toBe(200);
      expect(body.results[0].event.raw).toEqual({
        specversion: "1.0",
        id: "1",
        source: "my-app",
        type: "tokens",
      });
    });

    it("is refused if its data is not JSON", async () => {
      const api = await serving();
      expect(await send(api, "<a/>", { "Content-Type": "application/xml" })).toMatchObject({
        status: 415,
        code: "EVT_UNSUPPORTED_MEDIA_TYPE",
      });
      expect(await send(api, '1,"id":"2"')).toMatchObject({ status: 400, code: "EVT_BODY_NOT_JSON" });
      const untyped = await api.request("POST", "/events", {
        headers: attributes,
        body: Buffer.from('{"amount":5}'),
      });
      expect(untyped.status).toBe(415);
    });

    it("is rejected by name if an attribute is missing or cannot be decoded", async () => {
      const api = await serving();
      const { "ce-id": _, ...others } = attributes;
      const { status, body } = await api.post({ amount: 5 }, { headers: others });
      expect(status).toBe(422);
      expect(body.results[0].issues).toMatchObject([{ code: "cloud_event_invalid", path: "id" }]);
      expect((await send(api, { amount: 5 }, { "ce-subject": "100%" })).result.issues).toMatchObject([
        { code: "cloud_event_invalid", path: "subject" },
      ]);
    });

    it("is refused if an attribute is sent twice", async () => {
      const { port } = await serving();
      const lines = Object.entries(attributes).map(([name, value]) => `${name}: ${value}`);
      const head = ["POST /api/events HTTP/1.1", "Host: a", "Content-Type: application/json", ...lines];
      const response = await replyTo(
        port,
        [...head, "CE-ID: 2", "Content-Length: 12", "Connection: close", "", '{"amount":5}'].join("\r\n"),
      );
      expect(response).toContain("EVT_INVALID_HEADER");
    });

    it("is parked whole, and counted by a replay", async () => {
      const fields = { clientId: "source", metric: "type", idempotencyKey: "id", amount: "cost" };
      const api = await serving({ mappings: { cost: { fields } } });
      const { status, result } = await send(api, '{"cost": "9007199254740993.50"}');
      expect([status, result.issues[0].code]).toEqual([422, "amount_missing"]);
      const parked = await api.get(`/events/${result.event.id}`);
      expect(parked.text).toContain('"id":"1"');
      expect(parked.text).toContain('"data":{"cost": "9007199254740993.50"}');
      const { body } = await api.request("POST", `/events/${result.event.id}/replay?mapping=cost`, {
        headers: { "X-Requested-With": "test" },
      });
      expect(body.results[0].event).toMatchObject({
        clientId: "my-app",
        metric: "tokens",
        amount: "9007199254740993.5",
        idempotencyKey: "1",
      });
    });

    it.each(mount.readers)("is read from what the host left of the body (%s)", async (reader) => {
      const api = await serve(mount, { evt: await make({}) }, { reader });
      expect((await send(api, { amount: 5 })).result.event).toMatchObject({
        idempotencyKey: "1",
        amount: "5",
      });
      const array = await send(api, [{ amount: 5 }], { "ce-id": "2" });
      expect([array.count, array.result.issues[0].code]).toEqual([1, "amount_missing"]);
    });

    it("of a bound caller belongs to the caller", async () => {
      const evt = await make({});
      const authenticate = () => ({ tenantId: "acme", clientId: "client_A" });
      const api = await serve(mount, { evt, authenticate });
      expect((await send(api, { amount: 5 })).result.event).toMatchObject({ clientId: "client_A" });
    });
  });
}
