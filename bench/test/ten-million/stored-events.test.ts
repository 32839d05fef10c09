import { expect, test } from "vitest";
import { readFlights } from "../../src/load/flights.js";
import { preparedRecords } from "../../src/load/prepared-records.js";
import { STORED_DAYS, storedEvents } from "../../src/ten-million/stored-events.js";

const END = Date.parse("2026-11-24T12:00:00Z");
const DAY_MS = 86_400_000;
const events = [...storedEvents(await readFlights(), 4_000, END)];

test("stored events are spread over their days, in order", () => {
  const times = events.map(({ payload }) => Date.parse(payload.timestamp));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBe(END - STORED_DAYS * DAY_MS);
  expect(times.at(-1)).toBe(END - (STORED_DAYS * DAY_MS) / 4_000);
});

test("content identifies two of every four events, and no two are the same event", async () => {
  const [records = []] = await preparedRecords("acme", [events], END);
  expect(new Set(records.map(({ identity }) => identity)).size).toBe(4_000);
  expect(records.filter(({ identifiedBy }) => identifiedBy === "content")).toHaveLength(2_000);
});
