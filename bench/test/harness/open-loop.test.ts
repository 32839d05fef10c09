import { expect, test } from "vitest";
import { latenciesAt } from "../../src/harness/open-loop.js";

const SECOND = 1_000;
const blockFor = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test("work starts at the given rate, whether earlier work has ended or not", async () => {
  let under = 0;
  let most = 0;
  const latencies = await latenciesAt(500, 0.1, async () => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setTimeout(resolve, 200));
    under--;
  });
  expect(latencies).toHaveLength(50);
  expect(most).toBe(50);
  for (const latency of latencies) expect(latency).toBeGreaterThan(190);
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
