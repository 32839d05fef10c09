import { gzipSync } from "node:zlib";
import type { Evt, EvtOptions } from "@evt/core";
import { describe, expect, it } from "vitest";
import { newEvt, serve } from "../serve.js";
import type { Mount } from "./mount.js";

const sample = { client: "c", type: "m", value: 1 };

/** How timestamps of events and dates of queries are read, over any store. */
export function describeTimestamps(
  mount: Mount,
  make: (options: Partial<EvtOptions>) => Evt | Promise<Evt> = newEvt,
): void {
  const serving = async (mapping: NonNullable<EvtOptions["mapping"]> = {}) =>
    serve(mount, { evt: await make({ mapping }) });

  describe("the timestamp of an event", () => {
    it.each([
      [{ time: 350 }, "timestamp_not_recognized", "epoch"],
      [{ date: 45306.4375 }, "timestamp_not_recognized", "excelSerial"],
      [{ date: "2024-01-15", time: "103000" }, "timestamp_not_recognized", "time of day"],
      [{ time: "1970-01-01T00:00:00Z" }, "timestamp_before_earliest", "earliest"],
      [{ time: "9999-12-31" }, "timestamp_after_latest", "latest"],
      [{ time: "12/31/2024" }, "timestamp_not_recognized", 'luxonFormat("MM/dd/yyyy")'],
      [{ time: "2024-01-15 10:30:00 CET" }, "timestamp_zone_unknown", "zoneNames"],
      [{ time: "2016-12-31T23:59:60Z" }, "timestamp_impossible", "send second 59"],
    ])("in %j is refused by name", async (raw, code, help) => {
      const api = await serving();
      const { status, body } = await api.post({ ...sample, ...raw });
      expect(status).toBe(422);
      const [issue] = body.results[0].issues;
      expect([issue.code, issue.message]).toEqual([code, expect.stringContaining(help)]);
    });

    it("has nanoseconds, in strings and in JSON numbers of 64 bits", async () => {
      const api = await serving();
      const ends = ["123", "987"];
      for (const end of ends) {
        const event = { ...sample, time: `2024-01-15T10:30:22.896810${end}Z` };
        expect((await api.post(event)).body).toMatchObject({ processed: 1 });
      }
      for (const end of ends) {
        const number = JSON.stringify({ ...sample, time: 0 }).replace(":0}", `:1705314622896810${end}}`);
        expect((await api.post(number)).body).toMatchObject({ duplicates: 1 });
      }
    });

    it("is refused if clocks show it twice, unless the mapping says which it is", async () => {
      const time = "2024-10-27 02:30:00";
      const mapping = { timeZone: "Europe/Berlin" };
      const strict = await serving(mapping);
      expect((await strict.post({ ...sample, time })).text).toContain("timestamp_repeated");
      const second = await serving({ ...mapping, repeatedLocalTime: "second" });
      await second.post({ ...sample, time });
      expect((await second.get("/events")).body.events[0].timestamp).toBe("2024-10-27T01:30:00.000Z");
    });
  });

  describe("a date in a query", () => {
    it("keeps its offset if the + became a space", async () => {
      const api = await serving();
      await api.post({ ...sample, time: "2024-01-15T09:30:00Z" });
      const count = async (query: string) => (await api.get(`/events?${query}`)).body.events.length;
      expect(await count("startDate=2024-01-15T10:30:00+01:00")).toBe(1);
      expect(await count("startDate=2024-01-15T10:30:00.001+01:00")).toBe(0);
      expect(await count("startDate=2024-01-15T10:30:00%2B01:00&endDate=2024-01-15T10:30:01+0100")).toBe(1);
    });

    it("is that whole day at the end of a range, in each plain form", async () => {
      const api = await serving();
      await api.post({ ...sample, time: "2024-01-05T23:30:00Z" });
      for (const date of ["2024-01-05", "2024-1-5", "5%20Jan%202024", "January%205,%202024"])
        expect((await api.get(`/events?startDate=${date}&endDate=${date}`)).body.events).toHaveLength(1);
    });

    it.each([
      ["startDate=350", "350"],
      ["startDate=2024-10-27T02:30&timeZone=Europe/Berlin", "occurs twice"],
      ["startDate=2024-01-15%2010:30%20CET", "names a zone"],
    ])("is refused by name: %s", async (query, why) => {
      const { status, body } = await (await serving()).get(`/aggregation?${query}`);
      expect([status, body.code]).toEqual([400, "EVT_INVALID_QUERY"]);
      expect(body.detail).toContain(why);
    });
  });

  describe("a body that the sender prepared wrongly", () => {
    it.each([
      ["NaN", '{"amount":NaN}', "JSON has no NaN"],
      ["-Infinity", '[{"amount":-Infinity}]', "JSON has no NaN and no Infinity"],
      ["None", '{"amount":None}', "send null"],
      ["single quotes", "['a']", "double quotes"],
    ])("is refused with advice: %s", async (_, text, advice) => {
      const { status, body } = await (await serving()).post(text);
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_JSON"]);
      expect(body.detail).toContain(advice);
    });

    it("is refused with advice if it is gzip without its header", async () => {
      const api = await serving();
      const { status, body } = await api.post(gzipSync(JSON.stringify(sample)));
      expect([status, body.code]).toEqual([400, "EVT_BODY_NOT_UTF8"]);
      expect(body.detail).toContain("send Content-Encoding: gzip");
    });
  });
}
