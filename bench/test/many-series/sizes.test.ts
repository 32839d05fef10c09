import { expect, test } from "vitest";
import { BATCH_SIZE } from "../../src/load/load.js";
import { sizeOf } from "../../src/many-series/sizes.js";

test("the full size stores five times as much as the whole size", () => {
  const [quick, whole, full] = [
    sizeOf({ quick: true, full: false }),
    sizeOf({ quick: false, full: false }),
    sizeOf({ quick: false, full: true }),
  ];
  expect([quick, whole, full].map(({ stored }) => stored)).toEqual([100_000, 1_000_000, 5_000_000]);
  for (const { stored, year } of [quick, whole, full]) {
    expect(stored % BATCH_SIZE).toBe(0);
    expect(year % BATCH_SIZE).toBe(0);
  }
});
