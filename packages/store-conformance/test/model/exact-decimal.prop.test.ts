import { DecimalFold } from "@evt/core/store";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromUnits, toUnits } from "../../src/model/exact-decimal.js";

const LARGEST = 10n ** 38n - 1n;
const units = fc.bigInt({ min: -LARGEST, max: LARGEST });

describe("the model's decimals", () => {
  it("convert back from the printed decimal", () => {
    fc.assert(fc.property(units, (value) => toUnits(fromUnits(value)) === value));
  });

  it("print the same decimals as core", () => {
    fc.assert(
      fc.property(fc.array(units, { minLength: 1 }), (values) => {
        const fold = new DecimalFold();
        for (const value of values) fold.add(fromUnits(value));
        expect(fold.sum).toBe(fromUnits(values.reduce((sum, value) => sum + value)));
      }),
    );
  });

  it.each([
    ["0", 0n],
    ["1", 10n ** 18n],
    ["-0.5", -5n * 10n ** 17n],
    ["0.000000000000000001", 1n],
    ["-100.25", -10_025n * 10n ** 16n],
  ])("convert %s to %d units", (amount, value) => {
    expect(toUnits(amount)).toBe(value);
    expect(fromUnits(value)).toBe(amount);
  });
});
