import { describe, expect, test } from "vitest";
import { readFlights } from "../../src/load/flights.js";
import { type ManySeriesLoad, manySeriesEvent, random } from "../../src/load/many-series.js";
import { preparedRecords } from "../../src/load/prepared-records.js";

const DAY_MS = 86_400_000;
const startMs = Date.parse("2026-10-01T00:00:00Z");
const flights = await readFlights();
const sparse: ManySeriesLoad = {
  order: "time",
  count: 20_000,
  startMs,
  endMs: startMs + 30 * DAY_MS,
  seed: 1,
};
const eventsOf = (load: ManySeriesLoad) =>
  Array.from({ length: load.count }, (_, i) => manySeriesEvent(flights, load, i));
const timesOf = (load: ManySeriesLoad) => eventsOf(load).map(({ payload }) => Date.parse(payload.timestamp));
const ascending = (times: readonly number[]) => [...times].sort((a, b) => a - b);

describe("the load of many series", () => {
  test("has five metrics and hardly two events of one client", () => {
    const events = eventsOf(sparse);
    expect(new Set(events.map(({ payload }) => payload.metric)).size).toBe(5);
    // 20,000 draws from 100,000 clients hit about 18,100 of them
    const clients = new Set(events.map(({ source }) => source)).size;
    expect(clients).toBeGreaterThan(17_800);
    expect(clients).toBeLessThan(18_400);
  });

  test("is evenly spread in the order of time", () => {
    const times = timesOf(sparse);
    expect(times).toEqual(ascending(times));
    expect(times[0]).toBe(startMs);
    expect(times.at(-1)).toBe(sparse.endMs - (30 * DAY_MS) / 20_000);
  });

  test("in random order fills the same range", () => {
    const times = timesOf({ ...sparse, order: "random" });
    expect(times).not.toEqual(ascending(times));
    const days = new Set(times.map((ms) => Math.floor((ms - startMs) / DAY_MS)));
    expect([...days].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, day) => day));
  });

  test("has a key in each event, and no event of another seed", async () => {
    const raws = [eventsOf({ ...sparse, count: 500 }), eventsOf({ ...sparse, count: 500, seed: 2 })];
    const records = (await preparedRecords("acme", raws, sparse.endMs)).flat();
    expect(new Set(records.map(({ identity }) => identity)).size).toBe(1_000);
    expect(records.every(({ identifiedBy }) => identifiedBy === "key")).toBe(true);
  });
});

test("random numbers are spread evenly and differ by each argument", () => {
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const tenth = Math.floor(random(i, 3, 1) * 10);
    tenths[tenth] = (tenths[tenth] as number) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  const others = [random(1, 1, 1), random(2, 1, 1), random(1, 2, 1), random(1, 1, 2)];
  expect(new Set(others).size).toBe(4);
});
