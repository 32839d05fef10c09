import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median } from "../src/median.js";

describe("median", () => {
  test("is the middle of an odd number of values, ordered by size", () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  test("is the mean of the two middle values of an even number", () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  test("does not change the order of its argument", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test("has at most half of the values below it, and at most half above it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  test("refuses an empty list", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
