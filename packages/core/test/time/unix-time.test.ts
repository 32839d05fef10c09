import { describe, expect, it } from "vitest";
import { canonicalTimestamp } from "../../src/time/canonical-timestamp.js";
import { parseTimestamp } from "../../src/time/timestamp.js";
import { readUnixNumber, readUnixText } from "../../src/time/unix-time.js";
import { fc, test } from "../properties.js";

describe("Unix time", () => {
  it.each([
    ["0", "1970-01-01T00:00:00.000Z"],
    ["-0", "1970-01-01T00:00:00.000Z"],
    ["1705314600", "2024-01-15T10:30:00.000Z"],
    ["+1705314600", "2024-01-15T10:30:00.000Z"],
    ["1705314600123", "2024-01-15T10:30:00.123Z"],
    ["1705314600123456", "2024-01-15T10:30:00.123456Z"],
    ["1705314600.5", "2024-01-15T10:30:00.500Z"],
    ["1705314600.123456789", "2024-01-15T10:30:00.123456Z"],
    ["1705314600123.4567", "2024-01-15T10:30:00.123456Z"],
    ["1705314600123456.9", "2024-01-15T10:30:00.123456Z"],
    ["0000001705314600", "2024-01-15T10:30:00.000Z"],
    ["-1", "1969-12-31T23:59:59.000Z"],
    ["-62135596800000", "0001-01-01T00:00:00.000Z"],
    ["253402300799999999", "9999-12-31T23:59:59.999999Z"],
  ])("reads %s", (text, canonical) => {
    expect(readUnixText(text)).toBe(canonical);
  });

  it("reads the unit from the size, at each boundary", () => {
    expect(readUnixText("99999999999")).toBe("5138-11-16T09:46:39.000Z");
    expect(readUnixText("100000000000")).toBe("1973-03-03T09:46:40.000Z");
    expect(readUnixText("99999999999999")).toBe("5138-11-16T09:46:39.999Z");
    expect(readUnixText("100000000000000")).toBe("1973-03-03T09:46:40.000Z");
    expect(readUnixText("-99999999999")).toMatchObject({ code: "timestamp_out_of_range" });
    expect(readUnixText("-100000000000")).toBe("1966-10-31T14:13:20.000Z");
    expect(readUnixText("-100000000000000")).toBe("1966-10-31T14:13:20.000Z");
  });

  it("cuts digits as written, before 1970, too", () => {
    expect(readUnixText("-0.0000019")).toBe("1969-12-31T23:59:59.999999Z");
    expect(readUnixText("-0.0000009")).toBe("1970-01-01T00:00:00.000Z");
    expect(readUnixText("-1.0000009")).toBe("1969-12-31T23:59:59.000Z");
    expect(readUnixText("-100000000000.0019")).toBe("1966-10-31T14:13:19.999999Z");
  });

  it("reads a number as its digits, not as a float times a million", () => {
    expect(readUnixNumber(1705314600.123457)).toBe("2024-01-15T10:30:00.123457Z");
    expect(readUnixNumber(1e-9)).toBe("1970-01-01T00:00:00.000Z");
    expect(readUnixNumber(-0)).toBe("1970-01-01T00:00:00.000Z");
    expect(readUnixNumber(5e-324)).toBe("1970-01-01T00:00:00.000Z");
  });

  it("rejects a number with more digits than a double keeps", () => {
    expect(readUnixNumber(Number.MAX_SAFE_INTEGER)).toBe("2255-06-05T23:47:34.740991Z");
    expect(readUnixNumber(2 ** 53)).toMatchObject({ code: "timestamp_not_recognized" });
    expect(readUnixText("9007199254740993")).toBe("2255-06-05T23:47:34.740993Z");
  });

  it.each(["19000101", "20240229", "199912", "21001231235959", "20240115103000123"])(
    "does not read %s, which is also a date",
    (text) => {
      expect(readUnixText(text)).toBeNull();
    },
  );

  it.each([
    ["+20240115", "1970-08-23T06:15:15.000Z"],
    ["18991231", "1970-08-08T19:20:31.000Z"],
    ["21010101", "1970-09-01T04:08:21.000Z"],
    ["20240230", "1970-08-23T06:17:10.000Z"],
    ["20241301", "1970-08-23T06:35:01.000Z"],
    ["202401152430", "1976-05-31T14:32:32.430Z"],
    ["202401151060", "1976-05-31T14:32:31.060Z"],
    ["20240115103060", "2611-05-21T14:11:43.060Z"],
    ["2024011510", "2034-02-20T01:25:10.000Z"],
    ["2101", "1970-01-01T00:35:01.000Z"],
  ])("reads %s, which is no date", (text, canonical) => {
    expect(readUnixText(text)).toBe(canonical);
  });

  const seconds = fc
    .integer({ min: -99_999_999_999, max: 99_999_999_999 })
    .filter((n) => n > -62_135_596_800);

  test.prop([seconds])("reads a string as it reads the number", (n) => {
    expect(parseTimestamp(String(n))).toEqual(parseTimestamp(n));
    expect(parseTimestamp(`+${Math.abs(n)}`)).toBe(canonicalTimestamp(Math.abs(n) * 1000));
  });

  test.prop([
    fc.integer({ min: 100_000_000_000, max: 99_999_999_999_999 }),
    fc.integer({ min: 0, max: 999 }),
  ])("is the same instant in each of its units", (ms, us) => {
    const canonical = canonicalTimestamp(ms, us);
    const decimals = String(us).padStart(3, "0");
    const inSeconds = `+${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, "0")}${decimals}`;
    expect(readUnixText(inSeconds)).toBe(canonical);
    expect(readUnixText(`+${ms}.${decimals}`)).toBe(canonical);
    expect(readUnixText(`+${ms}${decimals}`)).toBe(canonical);
  });
});
