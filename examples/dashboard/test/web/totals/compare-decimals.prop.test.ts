import fc from "fast-check";
import { expect, test } from "vitest";
import { compareDecimals } from "../../../web/src/totals/compare-decimals.js";

const SCALE = 6;

interface Decimal {
  readonly text: string;
  /** The decimal times a million, a whole number. */
  readonly scaled: bigint;
}

const decimal = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(decimalOf);

function decimalOf(scaled: bigint): Decimal {
  const sign = scaled < 0n ? "-" : "";
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(SCALE + 1, "0");
  const fraction = digits.slice(-SCALE).replace(/0+$/, "");
  return { scaled, text: `${sign}${digits.slice(0, -SCALE)}${fraction && `.${fraction}`}` };
}

test("decimals are sorted by value", () => {
  const near = fc
    .tuple(decimal, fc.bigInt({ min: -3n, max: 3n }))
    .map(([a, by]) => [a, decimalOf(a.scaled + by)] as const);
  fc.assert(
    fc.property(fc.oneof(near, fc.tuple(decimal, decimal)), ([a, b]) => {
      expect(Math.sign(compareDecimals(a.text, b.text))).toBe(
        a.scaled < b.scaled ? -1 : a.scaled > b.scaled ? 1 : 0,
      );
    }),
  );
});

test("digits beyond the precision of a number count", () => {
  expect(compareDecimals("9007199254740993", "9007199254740992")).toBeGreaterThan(0);
  expect(compareDecimals("0.1000000000000000001", "0.1")).toBeGreaterThan(0);
  expect(compareDecimals("-0.1000000000000000001", "-0.1")).toBeLessThan(0);
});
