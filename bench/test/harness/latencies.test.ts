import { expect, test } from "vitest";
import { latenciesFor, latenciesWhile } from "../../src/harness/latencies.js";

test("calls are made one after another, each with its number", async () => {
  const calls: string[] = [];
  const call = async (i: number) => {
    calls.push(`begin ${i}`);
    await Promise.resolve();
    calls.push(`end ${i}`);
  };
  const latencies = await latenciesWhile(() => calls.length < 4, call);
  expect(calls).toEqual(["begin 0", "end 0", "begin 1", "end 1"]);
  expect(latencies).toHaveLength(2);
  for (const latency of latencies) expect(latency).toBeGreaterThanOrEqual(0);
});

test("at least one call is made", async () => {
  expect(await latenciesFor(0, async () => undefined)).toHaveLength(1);
});

test("a failed call ends the measurement", async () => {
  const call = () => Promise.reject(new Error("no answer"));
  await expect(latenciesWhile(() => true, call)).rejects.toThrow("no answer");
});
