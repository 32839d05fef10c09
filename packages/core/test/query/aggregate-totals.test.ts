import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { AggregationQuery } from "../../src/queries.js";
import { FakeRuntime } from "../../src/testing/fake-runtime.js";

async function started(raws: readonly object[], limits = {}) {
  const events = createEvt({ store: new MemoryStore(), runtime: new FakeRuntime(), limits }).tenant("acme");
  const report = await events.ingestMany(raws);
  expect(report.processed).toBe(raws.length);
  return events;
}

const event = (client: string, metric: string, amount: string | number, ts: string) => ({
  client,
  metric,
  amount,
  ts,
});

describe("aggregate", () => {
  it("groups, sorts by key, and divides", async () => {
    const events = await started([
      event("b", "m", "0.1", "2024-01-01"),
      event("b", "m", "0.2", "2024-01-02"),
      event("B", "n", -3, "2024-01-01"),
      event("b", "M", 5, "2024-01-01"),
    ]);
    expect(await events.aggregate({ groupBy: ["metric", "clientId"] })).toEqual({
      groupBy: ["clientId", "metric"],
      interval: null,
      timeZone: "UTC",
      answeredFrom: "events",
      rows: [
        { clientId: "B", metric: "n", unit: null, count: 1, sum: "-3", average: "-3", min: "-3", max: "-3" },
        { clientId: "b", metric: "M", unit: null, count: 1, sum: "5", average: "5", min: "5", max: "5" },
        {
          clientId: "b",
          metric: "m",
          unit: null,
          count: 2,
          sum: "0.3",
          average: "0.15",
          min: "0.1",
          max: "0.2",
        },
      ],
      nextCursor: null,
    });
    expect(
      (await events.aggregate({ groupBy: ["metric"] })).rows.map((row) => [row.metric, row.sum]),
    ).toEqual([
      ["M", "5"],
      ["m", "0.3"],
      ["n", "-3"],
    ]);
    expect((await events.aggregate({ clientId: "b", metric: "m" })).rows).toMatchObject([
      { count: 2, sum: "0.3" },
    ]);
  });

  it("returns one row without grouping, and no row for a group or bucket without events", async () => {
    const events = await started([]);
    const nothing = { unit: null, count: 0, sum: "0", average: null, min: null, max: null };
    expect((await events.aggregate()).rows).toEqual([nothing]);
    expect((await events.aggregate({ from: "2024-01-01", to: "2024-01-02" })).rows).toEqual([nothing]);
    expect((await events.aggregate({ groupBy: ["clientId"] })).rows).toEqual([]);
    expect((await events.aggregate({ interval: "day", from: "2024-01-01", to: "2024-01-02" })).rows).toEqual(
      [],
    );
    const at = new Date("2024-01-01");
    expect((await events.aggregate({ interval: "day", from: at, to: at })).rows).toEqual([]);
  });

  it("counts days of 23 and 25 hours in their zone", async () => {
    // clocks in New York went forward on 10 March 2024 and back on 3 November 2024
    const hours = (from: string, count: number) =>
      Array.from({ length: count }, (_, i) =>
        event("a", "m", 1, new Date(Date.parse(from) + i * 3_600_000 + 1).toISOString()),
      );
    const spring = await started(hours("2024-03-09T05:00:00Z", 71));
    const query: AggregationQuery = {
      interval: "day",
      timeZone: "America/New_York",
      from: "2024-03-09",
      to: "2024-03-11",
    };
    expect((await spring.aggregate(query)).rows.map((row) => [row.bucket, row.count])).toEqual([
      ["2024-03-09T00:00:00.000-05:00", 24],
      ["2024-03-10T00:00:00.000-05:00", 23],
      ["2024-03-11T00:00:00.000-04:00", 24],
    ]);
    const autumn = await started(hours("2024-11-03T04:00:00Z", 25));
    expect((await autumn.aggregate({ ...query, from: "2024-11-03", to: "2024-11-03" })).rows).toMatchObject([
      { count: 25 },
    ]);
    expect(
      (await autumn.aggregate({ ...query, interval: "hour", from: "2024-11-03", to: "2024-11-03" })).rows.map(
        (row) => row.count,
      ),
    ).toEqual(Array(25).fill(1));
  });

  it.each([
    ["Asia/Kolkata", "2024-01-01T18:30:00.000Z"],
    ["Asia/Kathmandu", "2024-01-01T18:15:00.000Z"],
    ["Australia/Lord_Howe", "2024-01-01T13:00:00.000Z"],
  ])("begins a day in %s at its midnight", async (timeZone, midnight) => {
    const before = new Date(Date.parse(midnight) - 1).toISOString();
    const events = await started([event("a", "m", 1, before), event("a", "m", 2, midnight)]);
    const { rows } = await events.aggregate({
      interval: "day",
      timeZone,
      from: "2024-01-01",
      to: "2024-01-03",
    });
    expect(rows.map((row) => [row.bucket?.slice(0, 10), row.sum])).toEqual([
      ["2024-01-01", "1"],
      ["2024-01-02", "2"],
    ]);
  });

  it("excludes the end of the range, to the microsecond", async () => {
    const events = await started([
      event("a", "m", 1, "2024-01-01T00:00:00.000001Z"),
      event("a", "m", 2, "2024-01-01T00:00:00.000002Z"),
      event("a", "m", 4, "2024-01-01T00:00:00.001Z"),
    ]);
    const sum = async (from: string, to: string) => (await events.aggregate({ from, to })).rows[0]?.sum;
    expect(await sum("2024-01-01T00:00:00.000001Z", "2024-01-01T00:00:00.000002Z")).toBe("1");
    expect(await sum("2024-01-01T00:00:00.000002Z", "2024-01-01T00:00:00.001Z")).toBe("2");
    expect(await sum("2024-01-01T00:00:00.000002Z", "2024-01-01T00:00:00.001001Z")).toBe("6");
  });

  it("begins weeks on Monday and months on the first", async () => {
    const events = await started([
      event("a", "m", 1, "2024-03-03T23:59:59Z"),
      event("a", "m", 2, "2024-03-04T00:00:00Z"),
      event("a", "m", 4, "2024-04-01T00:00:00Z"),
    ]);
    const sums = async (interval: "week" | "month") =>
      (await events.aggregate({ interval, from: "2024-03-01", to: "2024-04-30" })).rows.map((row) => [
        row.bucket?.slice(0, 10),
        row.sum,
      ]);
    expect(await sums("week")).toEqual([
      ["2024-02-26", "1"],
      ["2024-03-04", "2"],
      ["2024-04-01", "4"],
    ]);
    expect(await sums("month")).toEqual([
      ["2024-03-01", "3"],
      ["2024-04-01", "4"],
    ]);
  });

  it("refuses too many rows, and does not cut them off", async () => {
    const events = await started(
      [event("a", "m", 1, "2024-01-01"), event("b", "m", 1, "2024-01-01"), event("c", "m", 1, "2024-01-01")],
      { aggregationRows: 2 },
    );
    await expect(events.aggregate({ groupBy: ["clientId"] })).rejects.toMatchObject({ code: "EVT_TOO_WIDE" });
    expect((await events.aggregate({ groupBy: ["metric"] })).rows).toHaveLength(1);
    await expect(
      events.aggregate({ interval: "hour", from: "0001-01-01", to: "9999-01-01" }),
    ).rejects.toMatchObject({ code: "EVT_TOO_WIDE" });
  });

  it.each([
    ["hour", "2024-01-01T00:00:00Z", "2025-02-20T16:00:00Z", 10_000],
    ["day", "2010-01-01T00:00:00Z", "2020-12-14T00:00:00Z", 4_000],
    ["week", "2001-01-01T00:00:00Z", "2041-04-01T00:00:00Z", 2_100],
    ["month", "1975-01-01T00:00:00Z", "2075-01-01T00:00:00Z", 1_200],
  ] as const)(
    "returns totals by %s from %s to %s, and refuses a longer range",
    async (interval, from, to, most) => {
      const events = await started([event("a", "m", 1, from)]);
      expect((await events.aggregate({ interval, from, to })).rows).toHaveLength(1);
      const longer = new Date(Date.parse(to) + 1).toISOString();
      await expect(events.aggregate({ interval, from, to: longer })).rejects.toMatchObject({
        code: "EVT_TOO_WIDE",
        message: `the result would have more than ${most} buckets by ${interval}; narrow the range, or use a longer interval`,
      });
    },
  );

  it.each([
    [{ interval: "day" }, "from"],
    [{ interval: "day", from: "2024-01-01" }, "to"],
    [{ interval: "year", from: "2024-01-01", to: "2024-01-02" }, "interval"],
    [{ groupBy: ["client"] }, "groupBy"],
    [{ groupBy: "metric" }, "groupBy"],
    [{ timeZone: "" }, "timeZone"],
    [{ metric: " " }, "metric"],
    [{ orderBy: "average" }, "orderBy"],
    [{ orderBy: "toString" }, "orderBy"],
    [{ orderBy: "clientId" }, "orderBy"],
    [{ orderBy: "dimension.plan", groupBy: ["dimension.region"] }, "orderBy"],
    [{ orderBy: "dimension." }, "orderBy"],
    [{ orderBy: "metric", groupBy: ["clientId"] }, "orderBy"],
    [{ orderBy: "bucket" }, "orderBy"],
    [{ orderBy: null }, "orderBy"],
    [{ direction: "down" }, "direction"],
    [{ limit: 0 }, "limit"],
    [{ limit: 10_001 }, "limit"],
    [{ limit: 1.5 }, "limit"],
    [{ limit: "1" }, "limit"],
    [{ cursor: "abc" }, "cursor"],
    [{ cursor: "abc", limit: 1 }, "cursor"],
    [{ cursor: null, limit: 1 }, "cursor"],
  ])("refuses %o and names it", async (query, parameter) => {
    const events = await started([]);
    await expect(events.aggregate(query as AggregationQuery)).rejects.toMatchObject({
      code: "EVT_INVALID_QUERY",
      parameter,
    });
  });
});
