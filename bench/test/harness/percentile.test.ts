import { expect, test } from "vitest";
import { percentile } from "../../src/harness/percentile.js";

test("a percentile is the smallest value that is at least as large as this share of the values", () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile(values, 0.5)).toBe(50);
  expect(percentile(values, 1)).toBe(100);
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([9, 10, 100], 0.99)).toBe(100);
});

test("an empty list has no percentile", () => {
  expect(() => percentile([], 0.99)).toThrow(RangeError);
});
