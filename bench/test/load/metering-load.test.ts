import { describe, expect, test } from "vitest";
import { busiestRoutes, readFlights } from "../../src/load/flights.js";
import { meteredEvent, meteredRoutes, meteringLoad } from "../../src/load/metering-load.js";
import { preparedRecords } from "../../src/load/prepared-records.js";

const END = Date.parse("2026-11-24T12:00:00Z");
const DAY_MS = 86_400_000;
const flights = await readFlights();
const events = meteringLoad(flights, 20_000, END);

describe("the metering load", () => {
  test("has events of nearly all 200 devices, from real flights", () => {
    expect(flights).toHaveLength(20_000);
    expect(new Set(events.map(({ source, payload }) => `${source} ${payload.metric}`)).size).toBe(186);
    const [first] = busiestRoutes(flights, 20, 10);
    expect(events[0]).toMatchObject({
      source: first?.origin,
      payload: { amount: first?.delay, departed: first?.date },
    });
  });

  test("has no duplicate event, by key or by content", async () => {
    const [records = []] = await preparedRecords("acme", [events.slice(0, 1_000)], END);
    expect(new Set(records.map(({ identifiedBy }) => identifiedBy))).toEqual(new Set(["key", "content"]));
    const contents = events.map(({ event_id, ...content }) => JSON.stringify(content));
    expect(new Set(contents).size).toBe(events.length);
  });

  test("arrives in order, except for one in twenty that is up to three days late", () => {
    const times = events.map(({ payload }) => Date.parse(payload.timestamp));
    const onTime = times.filter((_, i) => i % 20 !== 0);
    expect(onTime).toEqual([...onTime].sort((a, b) => a - b));
    expect(onTime.at(-1)).toBe(END - 50);
    expect(Math.min(...times)).toBeGreaterThan(END - 3 * DAY_MS - 20_000 * 50);
  });

  test("is the same for the same end, as a whole and event by event", () => {
    expect(meteringLoad(flights, 20_000, END)).toEqual(events);
    const routes = meteredRoutes(flights);
    const startMs = END - 20_000 * 50;
    expect(events.map((_, i) => meteredEvent(routes, i, startMs))).toEqual(events);
  });
});

test("prepared records are in the same batches", async () => {
  const batches = [events.slice(0, 3), events.slice(3, 5)];
  const records = await preparedRecords("acme", batches, END);
  expect(await preparedRecords("acme", batches, END)).toEqual(records);
  expect(records.map((batch) => batch.map(({ amount }) => Number(amount)))).toEqual(
    batches.map((batch) => batch.map(({ payload }) => payload.amount)),
  );
});

test("a batch with an invalid event is refused", async () => {
  await expect(preparedRecords("acme", [[{ source: "ATL" }]], END)).rejects.toThrow("refused");
});
