import { describe, expect } from "vitest";
import { parseAmount } from "../../src/normalize/amount.js";
import { canonicalAmount } from "../arbitraries.js";
import { fc, test } from "../properties.js";

describe("parseAmount", () => {
  test.prop([canonicalAmount])("leaves a canonical amount as it is", (amount) => {
    expect(parseAmount(amount)).toBe(amount);
  });

  test.prop([canonicalAmount, fc.integer({ min: -30, max: 30 })])(
    "reads the same number if the point is shifted",
    (amount, shift) => {
      const [sign, digits] = amount.startsWith("-") ? ["-", amount.slice(1)] : ["", amount];
      const [whole = "", fraction = ""] = digits.split(".");
      const all = whole + fraction;
      const point = whole.length + shift;
      const moved =
        point <= 0
          ? `0.${"0".repeat(-point)}${all}`
          : `${all.slice(0, point).padEnd(point, "0")}.${all.slice(point)}`;
      expect(parseAmount(`${sign}${moved}e${-shift}`)).toBe(amount);
    },
  );

  test.prop([fc.anything()])("never throws on any value", (value) => {
    const parsed = parseAmount(value);
    if (typeof parsed === "string") expect(parsed).toMatch(/^(0|-?(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?))$/);
    else expect(parsed.message.length).toBeLessThan(300);
  });

  test.prop([fc.double({ noNaN: true, noDefaultInfinity: true, max: 9e15, min: -9e15 })])(
    "reads a number as the digits JavaScript prints",
    (value) => {
      const parsed = parseAmount(value);
      if (typeof parsed === "string") expect(Number(parsed)).toBe(value === 0 ? 0 : value);
      else expect(parsed.code).toBe("amount_too_long");
    },
  );
});
