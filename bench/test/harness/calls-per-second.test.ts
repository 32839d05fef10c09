import { expect, test } from "vitest";
import { callsPerSecond } from "../../src/harness/calls-per-second.js";

test("sequential calls are counted for a minimum time", async () => {
  let calls = 0;
  const rate = await callsPerSecond(async () => {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  expect(calls).toBeGreaterThan(1);
  expect(rate).toBeLessThan(55);
});

test("a call that takes longer than the minimum time is made once", async () => {
  let calls = 0;
  const rate = await callsPerSecond(async () => {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 400));
  });
  expect(calls).toBe(1);
  expect(rate).toBeLessThan(2.6);
});
