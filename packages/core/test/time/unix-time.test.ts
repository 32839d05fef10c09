import { describe, expect, it } from "vitest";
import { canonicalTimestamp } from "../../src/time/canonical-timestamp.js";
import { type EpochUnit, epochRule } from "../../src/time/epoch.js";
import { cutToMicros } from "../../src/time/exact-timestamp.js";
import { parseTimestamp } from "../../src/time/timestamp.js";
import { readUnixNumber, readUnixText } from "../../src/time/unix-time.js";
import { fc, test } from "../properties.js";

const UNITS = ["seconds", "milliseconds", "microseconds", "nanoseconds"] as const;

describe("Unix time", () => {
  it.each([
    ["1705314600", "2024-01-15T10:30:00.000Z"],
    ["+1705314600", "2024-01-15T10:30:00.000Z"],
    ["1705314600123", "2024-01-15T10:30:00.123Z"],
    ["1705314600123456", "2024-01-15T10:30:00.123456Z"],
    ["1705314600123456789", "2024-01-15T10:30:00.123456789Z"],
    ["1739818888499200000", "2025-02-17T19:01:28.499200Z"],
    ["1705314600.5", "2024-01-15T10:30:00.500Z"],
    ["1705314600.123456789", "2024-01-15T10:30:00.123456789Z"],
    ["1705314600123.4567", "2024-01-15T10:30:00.1234567Z"],
    ["1705314600123456.9", "2024-01-15T10:30:00.1234569Z"],
    ["1705314600123456789.5", "2024-01-15T10:30:00.1234567895Z"],
    ["1705314600.000000000", "2024-01-15T10:30:00.000Z"],
    ["0000001705314600", "2024-01-15T10:30:00.000Z"],
  ])("reads %s", (text, exact) => {
    expect(readUnixText(text)).toBe(exact);
  });

  it("is from 2000 to 2100 in each unit", () => {
    for (const [i] of UNITS.entries()) {
      const zeros = "000".repeat(i);
      const nines = "999".repeat(i);
      expect(readUnixText(`946684799${nines}`)).toBeNull();
      expect(readUnixText(`946684800${zeros}`)).toBe("2000-01-01T00:00:00.000Z");
      expect(readUnixText(`4102444799${zeros}`)).toBe("2099-12-31T23:59:59.000Z");
      expect(readUnixText(`4102444800${zeros}`)).toBeNull();
    }
  });

  it.each([
    "0",
    "-0",
    "350",
    "12345.678",
    "-1",
    "-1705314600",
    "103000",
    "45306.4375",
    "727007400",
    "133497882000000000",
    "638409114000000000",
    "13349788200000000",
    "2460325",
    "253402300799999999",
    "17053146001234567890",
  ])("is not %s, which is from 2000 to 2100 in no unit", (text) => {
    expect(readUnixText(text)).toBeNull();
    expect(parseTimestamp(text)).toMatchObject({ code: "timestamp_not_recognized" });
  });

  it("is read in the unit that the rule names, whatever its size", () => {
    const read = (text: string, unit: EpochUnit) => readUnixText(text, epochRule(unit));
    expect(read("350", "seconds")).toBe("1970-01-01T00:05:50.000Z");
    expect(read("350", "milliseconds")).toBe("1970-01-01T00:00:00.350Z");
    expect(read("350", "microseconds")).toBe("1970-01-01T00:00:00.000350Z");
    expect(read("350", "nanoseconds")).toBe("1970-01-01T00:00:00.00000035Z");
    expect(read("-1", "seconds")).toBe("1969-12-31T23:59:59.000Z");
    expect(read("-62135596800000", "milliseconds")).toBe("0001-01-01T00:00:00.000Z");
    expect(read("253402300799999999", "microseconds")).toBe("9999-12-31T23:59:59.999999Z");
    expect(read("253402300800000000", "microseconds")).toMatchObject({ code: "timestamp_out_of_range" });
    expect(read("1705314600123", "seconds")).toMatchObject({ code: "timestamp_out_of_range" });
  });

  it("is read in the range that the rule names", () => {
    const rule = epochRule({ from: "1980-01-01", to: "2001-01-01" });
    expect(readUnixText("500000000", rule)).toBe("1985-11-05T00:53:20.000Z");
    expect(readUnixText("500000000123", rule)).toBe("1985-11-05T00:53:20.123Z");
    expect(readUnixText("1705314600", rule)).toBeNull();
    const bounded = epochRule({ unit: "seconds", from: "1980-01-01" });
    expect(readUnixText("350", bounded)).toBeNull();
    expect(readUnixText("99999999999", bounded)).toBe("5138-11-16T09:46:39.000Z");
  });

  it("keeps the instant of negative digits", () => {
    const read = (text: string) => readUnixText(text, epochRule("seconds"));
    expect(read("-0.5")).toBe("1969-12-31T23:59:59.500Z");
    expect(read("-0.0000019")).toBe("1969-12-31T23:59:59.9999981Z");
    expect(read("-0.0000009")).toBe("1969-12-31T23:59:59.9999991Z");
    expect(read("-1.000")).toBe("1969-12-31T23:59:59.000Z");
  });

  it("reads a number as its digits, not as a float times a million", () => {
    expect(readUnixNumber(1705314600.123457)).toBe("2024-01-15T10:30:00.123457Z");
    expect(readUnixNumber(1e-9)).toBeNull();
    expect(readUnixNumber(-0)).toBeNull();
    expect(readUnixNumber(5e-324, epochRule("seconds"))).toBe("1970-01-01T00:00:00.000Z");
  });

  it("rejects a number with more digits than a double keeps", () => {
    expect(readUnixNumber(4_102_444_799_999_999)).toBe("2099-12-31T23:59:59.999999Z");
    expect(readUnixNumber(1_705_314_600_123_456_800)).toMatchObject({ code: "timestamp_not_recognized" });
    expect(readUnixNumber(1e300)).toBeNull();
    expect(readUnixText("1705314600123456800")).toBe("2024-01-15T10:30:00.1234568Z");
  });

  it.each(["19000101", "20240229", "199912", "2024011510", "21001231235959", "20240115103000123"])(
    "does not read %s, which is also a date",
    (text) => {
      expect(readUnixText(text)).toBeNull();
      expect(readUnixNumber(Number(text))).toBeNull();
    },
  );

  it("reads ten digits that are also a date if the rule names the unit", () => {
    expect(readUnixText("2024011510", epochRule("seconds"))).toBe("2034-02-20T01:25:10.000Z");
    expect(readUnixText("20240115", epochRule("seconds"))).toBeNull();
    expect(readUnixText("2024131510")).toBe("2034-02-21T10:45:10.000Z");
  });

  test.prop([fc.integer({ min: -1e17, max: 1e17 })])("reads a string as it reads the number", (n) => {
    fc.pre(Math.abs(n) < Number.MAX_SAFE_INTEGER);
    const [text, number] = [parseTimestamp(String(n)), parseTimestamp(n)];
    if (typeof text === "string") expect(number).toBe(text);
    else expect(number).toMatchObject({ code: text.code });
  });

  test.prop([
    fc.integer({ min: 946_684_800_000, max: 4_102_444_799_999 }),
    fc.stringMatching(/^\d{6}$/),
    fc.constantFrom(...UNITS),
  ])("is the same instant in each of its units", (ms, beyondMs, unit) => {
    const digits = `${ms}${beyondMs}`;
    const end = digits.length - 9 + 3 * UNITS.indexOf(unit);
    const text = `+${digits.slice(0, end)}.${digits.slice(end)}`.replace(/\.$/, "");
    const read = readUnixText(text) as string;
    expect(cutToMicros(read)).toBe(canonicalTimestamp(ms, Number(beyondMs.slice(0, 3))));
    expect(read.slice(0, -1).padEnd(29, "0").slice(23)).toBe(beyondMs);
  });
});
