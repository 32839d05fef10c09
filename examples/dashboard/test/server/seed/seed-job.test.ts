import { describe, expect, test } from "vitest";
import { getJson, post, running } from "../running.js";
import { expectRealTotals, RECORDS } from "./expect-real-totals.js";

// tens of thousands of events take seconds, and longer on a busy machine
describe("filling a memory store with the real data", { timeout: 60_000 }, () => {
  test("counts every record once, to the last digit, although each is sent twice", async () => {
    const server = await running();
    const started = await post(`${server.url}/example/seed`, null);
    expect(started.status).toBe(202);
    expect(await started.json()).toMatchObject({ state: "running" });
    // joins the run that was started
    expect(await server.seedJob.run()).toMatchObject({ state: "done" });
    expect(await getJson(server, "/example/seed")).toMatchObject({
      state: "done",
      total: 2 * RECORDS,
      sent: 2 * RECORDS,
      processed: RECORDS,
      duplicates: RECORDS,
      refused: 0,
      error: null,
    });
    await expectRealTotals(server);
  });

  test("a second run adds only duplicates", async () => {
    const server = await running();
    await server.seedJob.run();
    expect(await server.seedJob.run()).toMatchObject({ processed: 0, duplicates: 2 * RECORDS, refused: 0 });
    await expectRealTotals(server);
  });

  test("an earthquake or a flight that a client posts is recognized by its shape", async () => {
    const server = await running();
    await server.seedJob.run();
    const flight = { date: "2001/01/01 00:47", delay: 66, distance: 1750, origin: "DTW", destination: "LAS" };
    const response = await post(`${server.url}/api/events`, flight);
    expect(await response.json()).toMatchObject({
      results: [{ outcome: "duplicate", identifiedBy: "content" }],
    });
  });

  test("a page of another site cannot start it", async () => {
    const server = await running();
    const headers = { "sec-fetch-site": "cross-site" };
    const response = await fetch(`${server.url}/example/seed`, { method: "POST", headers });
    expect(response.status).toBe(403);
    expect(server.seedJob.status()).toMatchObject({ state: "idle" });
  });
});
