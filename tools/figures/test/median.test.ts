import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median } from "../src/median.js";

describe("median", () => {
  test("is the middle value of an odd number of them, by size and not as text", () => {
    expect(median([100, 9, 20])).toBe(20);
  });

  test("is the mean of the two in the middle of an even number of them", () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  test("leaves the values as they were", () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  test("has as many values below as above", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const middle = median(values);
        const below = values.filter((value) => value < middle).length;
        const above = values.filter((value) => value > middle).length;
        expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  test("of nothing is refused", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});
