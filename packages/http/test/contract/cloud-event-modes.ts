import type { Evt, EvtOptions } from "@evt/core";
import { describe, expect, it } from "vitest";
import { type Api, newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";

/** A minimal CloudEvent with JSON data. */
const event = {
  specversion: "1.0",
  id: "1",
  source: "/my/app",
  type: "com.example.tokens",
  data: { amount: 5 },
};

/** The structured and the batched mode of CloudEvents 1.0.2, over any store. */
export function describeCloudEventModes(
  mount: Mount,
  make: (options: Partial<EvtOptions>) => Evt | Promise<Evt> = newEvt,
): void {
  const serving = async (options: Partial<EvtOptions> = {}) => serve(mount, { evt: await make(options) });
  const send = (api: Api, body: unknown, type: string) =>
    api.post(body, { headers: { "Content-Type": type } });

  describe("a CloudEvent in structured mode", () => {
    it.each([STRUCTURED, `${STRUCTURED}; charset=UTF-8`, "APPLICATION/CloudEvents+JSON", "application/json"])(
      "is read from its members: %s",
      async (type) => {
        const { status, body } = await send(
          await serving(),
          { ...event, time: "2018-04-05T17:31:00Z" },
          type,
        );
        expect(status).toBe(200);
        expect(body.results[0].event).toMatchObject({
          ...{ clientId: "/my/app", metric: "com.example.tokens", amount: "5", idempotencyKey: "1" },
          timestamp: "2018-04-05T17:31:00.000Z",
        });
      },
    );

    it("ignores headers of the binary mode, as Content-Type decides", async () => {
      const api = await serving();
      const headers = {
        "Content-Type": STRUCTURED,
        "ce-specversion": "1.0",
        "ce-id": "2",
        "ce-type": "other",
      };
      const { body } = await api.post(event, { headers });
      expect(body.results[0].event).toMatchObject({ idempotencyKey: "1", metric: "com.example.tokens" });
    });

    it("keeps extension attributes of every type in its raw event", async () => {
      const more = { comexampleextension1: "value", othervalue: 5, unsetvalue: null, flag: true };
      const { body } = await send(await serving(), { ...event, ...more, subject: null }, STRUCTURED);
      expect(body.results[0].event.raw).toEqual({ ...event, ...more, subject: null });
    });

    it("may have JSON data in Base64", async () => {
      const api = await serving();
      const { data: _, ...others } = event;
      const encoded = { ...others, data_base64: Buffer.from('{"amount":7}').toString("base64") };
      expect((await send(api, encoded, STRUCTURED)).body.results[0].event.amount).toBe("7");
      const typed = { ...encoded, id: "2", datacontenttype: "application/vnd.acme+json" };
      expect((await send(api, typed, STRUCTURED)).body.results[0].event.amount).toBe("7");
    });

    it("is rejected with data in both forms, or with data that is not what its type says", async () => {
      const api = await serving();
      const both = { ...event, data_base64: "e30=" };
      const { data: _, ...others } = event;
      const broken = { ...others, id: "2", datacontenttype: "application/json", data_base64: "!" };
      for (const each of [both, broken]) {
        const { status, body } = await send(api, each, STRUCTURED);
        expect([status, body.results[0].issues[0].code]).toEqual([422, "cloud_event_data_invalid"]);
      }
    });

    it("has no amount in data of another type, which stays in its raw event", async () => {
      const xml = { ...event, datacontenttype: "application/xml", data: "<much wow='xml'/>" };
      const { status, body } = await send(await serving(), xml, STRUCTURED);
      expect([status, body.results[0].issues[0].code]).toEqual([422, "amount_missing"]);
      expect(body.results[0].event.raw).toEqual(xml);
    });

    it("is one event: an array of this type leads to a 400, and stores nothing", async () => {
      const api = await serving();
      for (const array of [[event], []]) {
        const { status, body } = await send(api, array, STRUCTURED);
        expect([status, body.code]).toEqual([400, "EVT_INVALID_BODY"]);
        expect(body.detail).toContain(BATCH);
      }
      expect((await api.get("/events")).body.events).toEqual([]);
    });
  });

  describe("a batch of CloudEvents", () => {
    it.each([BATCH, `${BATCH};charset=utf-8`])("has a result for each event: %s", async (type) => {
      const { status, body } = await send(await serving(), [event, { ...event, id: "2" }, event], type);
      expect(status).toBe(200);
      expect(body.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
        "processed",
        "processed",
        "duplicate",
      ]);
    });

    it("may be empty", async () => {
      const { status, body } = await send(await serving(), [], BATCH);
      expect([status, body.success, body.results]).toEqual([200, true, []]);
    });

    it("is an array: one event of this type leads to a 400, and stores nothing", async () => {
      const api = await serving();
      const { status, body } = await send(api, event, BATCH);
      expect([status, body.code]).toEqual([400, "EVT_INVALID_BODY"]);
      expect(body.detail).toMatch(/^body is not an array/);
      expect((await api.get("/events")).body.events).toEqual([]);
    });
  });
}
