import { describe, expect, it } from "vitest";
import { InexactNumber, isInexactNumber } from "../src/inexact-number.js";
import { parseAmount } from "../src/normalize/amount.js";
import { parseTimestamp } from "../src/time/timestamp.js";

/** An inexact number of another copy of the package, with another class. */
const ofAnotherCopy = (text: string) => ({ [Symbol.for("evt.inexact-number")]: true, text });

describe("an inexact number of another copy of the package", () => {
  it("is recognized", () => {
    expect(isInexactNumber(ofAnotherCopy("1e400"))).toBe(true);
    expect(isInexactNumber(new InexactNumber("1e400"))).toBe(true);
    expect(isInexactNumber({ text: "1e400" })).toBe(false);
  });

  it("is rejected as an amount", () => {
    expect(parseAmount(ofAnotherCopy("9007199254740993"))).toMatchObject({ code: "amount_inexact" });
  });

  it("is read digit by digit as a timestamp", () => {
    expect(parseTimestamp(ofAnotherCopy("1705314600.1234567890123"))).toBe("2024-01-15T10:30:00.123456Z");
  });
});
