import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { Mapping } from "../../src/normalize/mapping.js";

const start = (mapping: Mapping = {}) => createEvt({ store: new MemoryStore(), mapping }).tenant("t");
const sample = { client: "c", type: "m", value: 1 };

/** Ingests one event and returns its outcome, with its timestamp or the code of its first issue. */
async function read(raw: object, mapping: Mapping = {}) {
  const outcome = await start(mapping).ingest({ ...sample, ...raw });
  return outcome.outcome === "rejected" ? outcome.issues[0]?.code : outcome.event?.timestamp;
}

describe("the time of an event", () => {
  it.each([
    ["a duration", { time: 350 }],
    ["a clock of a page", { time: 1234.5678 }],
    ["an Excel date", { date: 45306.4375 }],
    ["an Excel date in a string", { date: "45306.4375" }],
    ["a time of day in digits", { date: "2024-01-15", time: "103000" }],
    ["a FILETIME", { time: "133497882000000000" }],
    ["zero", { ts: 0 }],
    ["a negative number", { ts: -1 }],
  ])("is not %s: the event is rejected", async (_, raw) => {
    const events = start();
    const outcomes = (
      await events.ingestMany([
        { ...sample, ...raw, page: "/a" },
        { ...sample, ...raw, page: "/b" },
      ])
    ).outcomes;
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ outcome: "rejected", issues: [{ code: "timestamp_not_recognized" }] });
  });

  it.each([
    "0001-01-01T00:00:00.0000000",
    "0000-00-00 00:00:00",
    "0000-00-00",
    "1899-12-30T00:00:00",
    "1900-01-01",
    "1970-01-01T00:00:00Z",
    "1970-01-01 01:00:00+01:00",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "1970-01-20T17:41:54.600Z",
  ])("is not the zero date %s", async (date) => {
    expect(await read({ date })).toBe("timestamp_before_earliest");
    expect(await read({ date: new Date(0) })).toBe("timestamp_before_earliest");
  });

  it.each(["9999-12-31T23:59:59.9999999", "9999-12-31", "9999-01-01T00:00:00Z"])(
    "is not %s, which stands for never",
    async (date) => {
      expect(await read({ date })).toBe("timestamp_after_latest");
    },
  );

  it("is in the range that the mapping accepts, to the microsecond", async () => {
    const noon = { earliest: "2024-01-15T12:00:00Z" };
    expect(await read({ date: "2024-01-15T11:59:59.999999Z" }, noon)).toBe("timestamp_before_earliest");
    expect(await read({ date: "2024-01-15T12:00:00Z" }, noon)).toBe("2024-01-15T12:00:00.000Z");
    const mapping = { earliest: "1899-12-30", latest: "2024-01-15T10:30:00.000001Z" };
    expect(await read({ date: "1899-12-29T23:59:59.999999Z" }, mapping)).toBe("timestamp_before_earliest");
    expect(await read({ date: "1899-12-30" }, mapping)).toBe("1899-12-30T00:00:00.000Z");
    expect(await read({ date: "2024-01-15T10:30:00.000001Z" }, mapping)).toBe("2024-01-15T10:30:00.000001Z");
    expect(await read({ date: "2024-01-15T10:30:00.000002Z" }, mapping)).toBe("timestamp_after_latest");
    expect(await read({ date: "0001-01-01" }, { earliest: "0001-01-01" })).toBe("0001-01-01T00:00:00.000Z");
    expect(
      await read({ date: "9999-12-31T23:59:59.999999Z" }, { latest: "9999-12-31T23:59:59.999999Z" }),
    ).toBe("9999-12-31T23:59:59.999999Z");
  });

  it("is read from a number by the options of the mapping", async () => {
    const epoch = { epoch: "seconds", earliest: "1970-01-01" } as const;
    expect(await start().ingest({ ...sample, ts: 350 })).toMatchObject({
      issues: [{ message: expect.stringContaining('set `epoch: "seconds", earliest: "1970-01-01"`') }],
    });
    expect(await read({ ts: 350 }, epoch)).toBe("1970-01-01T00:05:50.000Z");
    expect(await read({ ts: 500_000_000_000 }, { epoch: { from: "1980-01-01", to: "2100-01-01" } })).toBe(
      "1985-11-05T00:53:20.000Z",
    );
    const excel = { excelSerial: true, timeZone: "Europe/Berlin" } as const;
    for (const date of [45306.4375, "45306.4375"])
      expect(await read({ date }, excel)).toBe("2024-01-15T09:30:00.000Z");
    expect(await read({ date: 43844.4375 }, { excelSerial: "1904" })).toBe("2024-01-15T10:30:00.000Z");
    expect(await read({ date: 45592.1041666667 }, excel)).toBe("timestamp_repeated");
    expect(await read({ date: 1_705_314_600 }, excel)).toBe("2024-01-15T10:30:00.000Z");
    expect(await read({ date: 350 }, excel)).toBe("timestamp_not_recognized");
  });

  it("is read by the formats of the mapping first", async () => {
    const timestampFormats = [
      { name: "minutes", parse: (text: string) => (/^\d{8}$/.test(text) ? Number(text) * 60_000 : null) },
    ];
    for (const time of [28_421_910, "28421910"])
      expect(await read({ time }, { timestampFormats })).toBe("2024-01-15T10:30:00.000Z");
    expect(await read({ time: "1739818888499200000" })).toBe("2025-02-17T19:01:28.499200Z");
  });

  it("distinguishes events that differ only beyond the microsecond", async () => {
    const events = start();
    const at = (time: string) => ({ ...sample, time });
    const stamps = [
      "2024-01-15T10:30:22.896810123Z",
      "2024-01-15T10:30:22.896810987Z",
      "2024-01-15T10:30:22.89681Z",
    ];
    const first = await events.ingestMany(stamps.map(at));
    expect(first).toMatchObject({ processed: 3 });
    const again = ["2024-01-15 10:30:22.8968101230+00:00", "1705314622896810987", "1705314622896810.000"];
    expect(await events.ingestMany(again.map(at))).toMatchObject({ duplicates: 3 });
    const { rows } = await events.aggregate({});
    expect(rows[0]?.count).toBe(3);
    const { entries } = await events.list({ from: "2024-01-15T10:30:22.896810Z" });
    expect(entries.map((entry) => entry.timestamp)).toEqual(Array(3).fill("2024-01-15T10:30:22.896810Z"));
  });

  it("conflicts under one key if it differs beyond the microsecond, also within a batch key", async () => {
    const events = start();
    const keyed = (time: string) => ({ ...sample, eventId: "k", time });
    await events.ingest(keyed("2024-01-15T10:30:22.896810123Z"));
    expect(await events.ingest(keyed("2024-01-15T10:30:22.896810123Z"))).toMatchObject({
      outcome: "duplicate",
    });
    expect(await events.ingest(keyed("2024-01-15T10:30:22.896810987Z"))).toMatchObject({
      outcome: "conflict",
    });
    const batch = ["123", "987", "123"].map((end) => ({
      ...sample,
      time: `2024-02-15T10:30:22.896810${end}Z`,
    }));
    for (const outcome of ["processed", "duplicates"])
      expect(await events.ingestMany(batch, { idempotencyKey: "b" })).toMatchObject({ [outcome]: 3 });
  });

  it("does not change the identity of other events", async () => {
    const [preview] = await start().preview([
      { client: "client_A", type: "purchase", amount: 1200, time: "2024-01-01T00:00:00.000000000Z" },
    ]);
    expect(preview).toMatchObject({
      identityJson:
        '{"amount":"1200","clientId":"client_A","metric":"purchase","timestamp":"2024-01-01T00:00:00.000Z"}',
    });
  });

  it("is rejected if clocks show it twice, so that no meter reading is lost", async () => {
    // a meter in Berlin that reports each minute from 01:00 to 04:00 on the night when clocks are put back
    const readings = Array.from({ length: 240 }, (_, minute) => {
      const instant = new Date(Date.UTC(2024, 9, 26, 23, minute));
      const time = new Intl.DateTimeFormat("sv-SE", {
        dateStyle: "short",
        timeStyle: "medium",
        timeZone: "Europe/Berlin",
      }).format(instant);
      return { ...sample, meter: minute, time };
    });
    const events = start({ timeZone: "Europe/Berlin" });
    const report = await events.ingestMany(readings);
    expect([report.processed, report.rejected, report.duplicates]).toEqual([120, 120, 0]);
    const repeated = report.outcomes.filter(
      (outcome) => outcome.outcome === "rejected" && outcome.issues[0]?.code === "timestamp_repeated",
    );
    expect(repeated).toHaveLength(120);
    expect(
      await read({ time: "2024-10-27 02:30:00" }, { timeZone: "Europe/Berlin", repeatedLocalTime: "second" }),
    ).toBe("2024-10-27T01:30:00.000Z");
  });

  it("is read in plain forms, and refused with the name of a zone", async () => {
    expect(await read({ time: "2024-01-15 10:30:00 +0000 UTC" })).toBe("2024-01-15T10:30:00.000Z");
    expect(await read({ time: new Date(1_705_314_600_000).toString() })).toBe("2024-01-15T10:30:00.000Z");
    const time = "Mon, 15 Jan 2024 10:30:00 EST";
    expect(await read({ time })).toBe("timestamp_zone_unknown");
    expect(await read({ time }, { zoneNames: { EST: "-05:00" } })).toBe("2024-01-15T15:30:00.000Z");
  });
});
