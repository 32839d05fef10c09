import { describe, expect, it } from "vitest";
import { InexactNumber } from "../../src/inexact-number.js";
import { parseAmount } from "../../src/normalize/amount.js";

const code = (value: unknown, format = {}) => {
  const parsed = parseAmount(value, format);
  return typeof parsed === "string" ? parsed : parsed.code;
};

describe("parseAmount", () => {
  it.each([
    ["1200", "1200"],
    [" 12.50 ", "12.5"],
    ["1e3", "1000"],
    ["-0.5", "-0.5"],
    ["+7", "7"],
    [".5", "0.5"],
    ["5.", "5"],
    ["007", "7"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["0e999999999999", "0"],
    ["1e-18", "0.000000000000000001"],
    ["120e-1", "12"],
    ["0.1e1", "1"],
    ["99999999999999999999999999999999999999", "99999999999999999999999999999999999999"],
    ["-12345678901234567890.123456789012345678", "-12345678901234567890.123456789012345678"],
    [1200, "1200"],
    [0.1, "0.1"],
    [0.1 + 0.2, "0.30000000000000004"],
    [1e-7, "0.0000001"],
    [-0, "0"],
    [Number.MAX_SAFE_INTEGER, "9007199254740991"],
    [9007199254740993n, "9007199254740993"],
    [-5n, "-5"],
  ])("reads %o as %s", (value, expected) => {
    expect(parseAmount(value)).toBe(expected);
  });

  it.each([
    [true, "amount_not_a_number"],
    [null, "amount_not_a_number"],
    [[], "amount_not_a_number"],
    [[1], "amount_not_a_number"],
    [{}, "amount_not_a_number"],
    ["", "amount_not_a_number"],
    [" ", "amount_not_a_number"],
    [".", "amount_not_a_number"],
    ["-", "amount_not_a_number"],
    ["12abc", "amount_not_a_number"],
    ["1,200", "amount_not_a_number"],
    ["5,00", "amount_not_a_number"],
    ["1 200", "amount_not_a_number"],
    ["1_200", "amount_not_a_number"],
    ["0x10", "amount_not_a_number"],
    ["٣", "amount_not_a_number"],
    ["NaN", "amount_not_a_number"],
    ["Infinity", "amount_not_a_number"],
    ["1e", "amount_not_a_number"],
    ["--1", "amount_not_a_number"],
    ["1.2.3", "amount_not_a_number"],
    [Number.NaN, "amount_not_finite"],
    [Number.POSITIVE_INFINITY, "amount_not_finite"],
    [2 ** 53, "amount_inexact"],
    [9007199254740993, "amount_inexact"],
    [1e300, "amount_inexact"],
    [new InexactNumber("0.12345678901234567890"), "amount_inexact"],
    ["1e400", "amount_too_long"],
    ["1e99999999999999999999", "amount_too_long"],
    ["1e-99999999999999999999", "amount_too_long"],
    ["1e-19", "amount_too_long"],
    [5e-324, "amount_too_long"],
    ["100000000000000000000000000000000000000", "amount_too_long"],
    ["123456789012345678901.123456789012345678", "amount_too_long"],
    ["9".repeat(100_000), "amount_too_long"],
  ])("refuses %o with %s", (value, expected) => {
    expect(code(value)).toBe(expected);
  });

  it("reads separators only if the format has them", () => {
    expect(code("1,200", { groupSeparator: "," })).toBe("1200");
    expect(code("-12,345,678.90", { groupSeparator: "," })).toBe("-12345678.9");
    expect(code("1,20", { groupSeparator: "," })).toBe("amount_not_a_number");
    expect(code("1,2000", { groupSeparator: "," })).toBe("amount_not_a_number");
    expect(code(",200", { groupSeparator: "," })).toBe("amount_not_a_number");
    expect(code("1.234,5", { groupSeparator: ".", decimalSeparator: "," })).toBe("1234.5");
    expect(code("5,00", { decimalSeparator: "," })).toBe("5");
    expect(code("5.00", { decimalSeparator: "," })).toBe("amount_not_a_number");
    expect(code("1200.5", { groupSeparator: "," })).toBe("1200.5");
  });

  it.each([
    ["1 234,50", { groupSeparator: " ", decimalSeparator: "," }, "1234.5"],
    ["1\u00a0234,50", { groupSeparator: " ", decimalSeparator: "," }, "1234.5"],
    ["1\u202f234\u202f567,50", { groupSeparator: " ", decimalSeparator: "," }, "1234567.5"],
    ["1'234.50", { groupSeparator: "'" }, "1234.5"],
    ["1\u2019234.50", { groupSeparator: "'" }, "1234.5"],
    ["1.234,5", { groupSeparator: [" ", "."], decimalSeparator: "," }, "1234.5"],
    ["1 234,5", { groupSeparator: [" ", "."], decimalSeparator: "," }, "1234.5"],
    ["1,00,000", { groupSeparator: ",", grouping: "indian" }, "100000"],
    ["12,34,56,789.5", { groupSeparator: ",", grouping: "indian" }, "123456789.5"],
    ["1,234", { groupSeparator: ",", grouping: "indian" }, "1234"],
    ["$25,000", { groupSeparator: ",", currencies: ["$"] }, "25000"],
    ["-$25", { currencies: ["$"] }, "-25"],
    ["$-25", { currencies: ["$"] }, "-25"],
    ["US$ 25", { currencies: ["$", "US$"] }, "25"],
    ["25 USD", { currencies: ["USD"] }, "25"],
    ["25USD", { currencies: ["USD"] }, "25"],
    ["4.711,98 \u20ac", { groupSeparator: ".", decimalSeparator: ",", currencies: ["\u20ac"] }, "4711.98"],
    ["Rs. 1,00,000", { groupSeparator: ",", grouping: "indian", currencies: ["Rs."] }, "100000"],
    ["\u22125", {}, "-5"],
  ] as const)("reads %o by its format", (value, format, expected) => {
    expect(parseAmount(value, format)).toBe(expected);
  });

  it.each([
    ["0.500", { groupSeparator: ".", decimalSeparator: "," }],
    ["007.500", { groupSeparator: ".", decimalSeparator: "," }],
    ["-0.500", { groupSeparator: ".", decimalSeparator: "," }],
    ["0,500.25", { groupSeparator: "," }],
    ["00,500", { groupSeparator: "," }],
    ["0,00,500", { groupSeparator: ",", grouping: "indian" }],
    ["1.234 567", { groupSeparator: [" ", "."], decimalSeparator: "," }],
    ["1,00,000", { groupSeparator: "," }],
    ["100,000", { groupSeparator: ",", grouping: "indian" }],
    ["1,234,567", { groupSeparator: ",", grouping: "indian" }],
    ["$25", {}],
    ["$25", { currencies: ["USD"] }],
    ["$25 USD", { currencies: ["$", "USD"] }],
    ["25$25", { currencies: ["$"] }],
    ["$", { currencies: ["$"] }],
    ["-$-5", { currencies: ["$"] }],
    ["(5)", {}],
    ["5%", {}],
  ] as const)("refuses %o in %o", (value, format) => {
    expect(code(value, format)).toBe("amount_not_a_number");
  });

  it("names the problem and the remedy", () => {
    expect(parseAmount("12abc")).toEqual({
      code: "amount_not_a_number",
      message: 'amount is "12abc"; send a JSON number or a numeric string such as "1200.50"',
    });
    expect(parseAmount("1,200")).toMatchObject({
      message:
        'amount is "1,200"; send a JSON number or a numeric string such as "1200.50"; in the mapping, `amount: { groupSeparator: "," }` reads it as 1200, and `amount: { decimalSeparator: "," }` reads it as 1.2',
    });
  });
});
