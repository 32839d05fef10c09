import { describe, expect } from "vitest";
import { parseAmount } from "../../src/normalize/amount.js";
import { fc, test } from "../properties.js";

const digits = fc.stringMatching(/^[0-9]{0,25}$/);
const decimal = fc
  .tuple(
    fc.constantFrom("", "-", "+"),
    digits,
    fc.option(digits),
    fc.option(fc.integer({ min: -45, max: 45 })),
    fc.constantFrom("e", "E", "e+"),
  )
  .map(([sign, whole, fraction, exponent, e]) => {
    const power = exponent === null ? "" : exponent < 0 ? `e${exponent}` : `${e}${exponent}`;
    return `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${power}`;
  });

/** A decimal with one character inserted, removed or replaced. */
const mutated = fc
  .tuple(decimal, fc.nat(), fc.constantFrom("", ...".-+eE, _x\u0660n"), fc.constantFrom(0, 1))
  .map(([text, at, put, cut]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + cut);
  });

/** The amount as a multiple of 10^-1000, by arithmetic and not by shifting strings. `null` if it is not a decimal. */
function scaled(text: string): bigint | null {
  const [mantissa = "", power, ...more] = text.trim().toLowerCase().split("e");
  if (more.length > 0 || (power !== undefined && !/^[+-]?\d+$/.test(power))) return null;
  const unsigned = /^[+-]/.test(mantissa) ? mantissa.slice(1) : mantissa;
  const [whole = "", fraction = "", ...rest] = unsigned.split(".");
  const all = whole + fraction;
  if (rest.length > 0 || all === "" || !/^\d+$/.test(all)) return null;
  // far beyond any amount, and too large to write out
  if (Math.abs(Number(power ?? 0)) > 500) return /^0*$/.test(all) ? 0n : 10n ** 2_000n;
  const size = BigInt(all) * 10n ** BigInt(1_000 - fraction.length + Number(power ?? 0));
  return mantissa.startsWith("-") ? -size : size;
}

/** Whether an amount is valid: up to 38 digits, up to 18 of them after the point. */
function fits(value: bigint): boolean {
  const size = value < 0n ? -value : value;
  const whole = size / 10n ** 1_000n;
  const fraction = size === 0n ? 0 : Math.max(1_000 - (/0*$/.exec(String(size))?.[0].length ?? 0), 0);
  return fraction <= 18 && (whole === 0n ? 0 : String(whole).length) + fraction <= 38;
}

describe("parseAmount, against arithmetic with whole numbers", () => {
  test.prop([fc.oneof(decimal, mutated)], { numRuns: 3_000 })("reads the same decimals, exactly", (text) => {
    const value = scaled(text);
    const parsed = parseAmount(text);
    if (value === null) expect(parsed).toMatchObject({ code: "amount_not_a_number" });
    else if (!fits(value)) expect(parsed).toMatchObject({ code: "amount_too_long" });
    else expect(scaled(parsed as string)).toBe(value);
  });
});
