import { describe, expect, it } from "vitest";
import { isExactNumber } from "../../src/json/exact-number.js";
import { fc, test } from "../properties.js";

describe("isExactNumber", () => {
  const number = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][-+]?\d{1,3})?$/);

  test.prop([fc.oneof(number, fc.double({ noNaN: true, noDefaultInfinity: true }).map(String))], {
    numRuns: 5_000,
  })("is true exactly if the double prints the same digits and is not an integer beyond 2^53", (text) => {
    const double = Number(text);
    const same = normal(String(double)) === normal(text);
    expect(isExactNumber(text)).toBe(same && (!Number.isInteger(double) || Number.isSafeInteger(double)));
  });

  it.each([
    "0",
    "-0",
    "1.50",
    "123456789012345",
    "9007199254740991",
    "1e3",
    "0.30000000000000004",
    "5e-324",
    "0e400",
  ])("is true of %s", (text) => {
    expect(isExactNumber(text)).toBe(true);
  });

  it.each(["9007199254740992", "9007199254740993", "1e400", "1e-400", "0.300000000000000041", "1e21"])(
    "is false for %s",
    (text) => {
      expect(isExactNumber(text)).toBe(false);
    },
  );

  it("is false for more than 1,000 characters", () => {
    expect(isExactNumber(`1.5${"0".repeat(997)}`)).toBe(true);
    expect(isExactNumber(`1.5${"0".repeat(998)}`)).toBe(false);
    expect(isExactNumber("0".repeat(1_001))).toBe(false);
  });
});

/** The significant digits and exponent of a decimal: equal strings for equal numbers. */
function normal(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^-?(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const padded = (whole + fraction).replace(/^0+/, "");
  const significant = padded.replace(/0+$/, "");
  if (significant === "") return whole === "" ? text : "0";
  return `${significant}e${Number(exponent) - fraction.length + padded.length - significant.length}`;
}
