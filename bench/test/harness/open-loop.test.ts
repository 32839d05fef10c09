import { expect, test } from "vitest";
import { latenciesAt } from "../../src/harness/open-loop.js";

const SECOND = 1_000;
const blockFor = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test("work starts at the given rate even if earlier work has not ended", async () => {
  let begun = 0;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const latencies = await latenciesAt(500, 0.1, async () => {
    // the earlier work ends with the last, 98 ms after the first was due
    if (++begun === 50) end();
    await ended;
  });
  expect(begun).toBe(50);
  expect(latencies).toHaveLength(50);
  expect(latencies[0]).toBeGreaterThan(90);
});

test("a late start counts as waiting time", async () => {
  const latencies = await latenciesAt(SECOND, 0.05, async (i) => {
    if (i === 10) blockFor(100);
  });
  expect(latencies[11]).toBeGreaterThan(90);
});

test("an error ends the measurement", async () => {
  const failing = latenciesAt(SECOND, 0.005, () => Promise.reject(new Error("down")));
  await expect(failing).rejects.toThrow("down");
});
