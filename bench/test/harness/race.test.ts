import { expect, test } from "vitest";
import { eventsPerSecond } from "../../src/harness/race.js";

test("every job runs once, and at most one job per lane runs at a time", async () => {
  const done: number[] = [];
  let underWay = 0;
  let most = 0;
  await eventsPerSecond({ lanes: 3, jobs: 20, warmUpJobs: 5, eventsPerJob: 1 }, async (job) => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    done.push(job);
    underWay--;
  });
  expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, job) => job));
  expect(most).toBe(3);
});

test("the warm-up ends before measured jobs begin", async () => {
  const over = new Set<number>();
  await eventsPerSecond({ lanes: 4, jobs: 8, warmUpJobs: 3, eventsPerJob: 1 }, async (job) => {
    if (job >= 3) expect([0, 1, 2].every((early) => over.has(early))).toBe(true);
    await Promise.resolve();
    over.add(job);
  });
});
