import { measuredApart } from "@evt/programs";
import { expect, test } from "vitest";
import type { SingleEventsRequest, SingleEventsResult } from "../../src/latency/single-events.js";
import { singleInserts } from "../../src/latency/single-inserts.js";
import { benchDatabase } from "../bench-database.js";

const { url } = benchDatabase();

test.each(["dense", "sparse"] as const)(
  "%s single events are ingested at half of the highest rate, and all are counted",
  async (load) => {
    const size = { callers: 16, events: 2_000, warmUpEvents: 500, seconds: 0.5 };
    const request: SingleEventsRequest = { url, load, ...size };
    const program = new URL("../../src/latency/single-events.ts", import.meta.url);
    const { highestRate, p99, folded } = await measuredApart<SingleEventsResult>(program, request);
    expect(highestRate).toBeGreaterThan(100);
    expect(p99).toBeGreaterThan(0);
    expect(folded).toBeGreaterThanOrEqual(0);
  },
);

test("single rows are inserted", async () => {
  expect(await singleInserts(url, 10, 100)()).toBeGreaterThan(0);
});
