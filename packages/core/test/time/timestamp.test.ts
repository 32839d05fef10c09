import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { InexactNumber } from "../../src/inexact-number.js";
import { parseTimestamp, type TimestampRules } from "../../src/time/timestamp.js";

/** The canonical timestamp, or the code of the problem. */
const read = (value: unknown, rules?: TimestampRules) => {
  const parsed = parseTimestamp(value, rules);
  return typeof parsed === "string" ? parsed : parsed.code;
};

const messageOf = (value: unknown) => {
  const parsed = parseTimestamp(value);
  return typeof parsed === "string" ? undefined : parsed.message;
};

describe("parseTimestamp", () => {
  it.each([
    ["2024-01-15T10:30:00Z", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15T10:30:00.000Z", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15T10:30:00.123Z", "2024-01-15T10:30:00.123Z"],
    ["2024-01-15T10:30:00.123456Z", "2024-01-15T10:30:00.123456Z"],
    ["2024-01-15T10:30:00.123000Z", "2024-01-15T10:30:00.123Z"],
    ["2024-01-15T10:30:00.000001Z", "2024-01-15T10:30:00.000001Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
    ["2000-02-29", "2000-02-29T00:00:00.000Z"],
    ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
    ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"],
  ])("reads %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each([
    ["zeros", "0".repeat(129)],
    ["decimals", `2024-01-15T10:30:00.${"0".repeat(120)}Z`],
    ["comments", `15 Jan 2024 10:30 ${"()".repeat(60)}`],
  ])("refuses more than 128 characters: %s", (_, text) => {
    expect(messageOf(text)).toContain(`has ${text.length} characters; the limit is 128`);
    expect(messageOf(new InexactNumber(text))).toContain("the limit is 128");
    expect(messageOf(text.slice(0, 128)) ?? "").not.toContain("the limit");
  });

  it("trims white space", () => {
    expect(read(" \t2024-01-15T10:30:00Z\n")).toBe("2024-01-15T10:30:00.000Z");
  });

  it("reads a string without an offset in UTC, or in the zone of the rules", () => {
    expect(read("2024-07-01T12:00:00")).toBe("2024-07-01T12:00:00.000Z");
    expect(read("2024-07-01T12:00:00", { timeZone: "America/New_York" })).toBe("2024-07-01T16:00:00.000Z");
    expect(read("2024-07-01", { timeZone: "America/New_York" })).toBe("2024-07-01T04:00:00.000Z");
    expect(read("2024/01/01 12:00", { timeZone: "Asia/Kathmandu" })).toBe("2024-01-01T06:15:00.000Z");
    expect(read("1 Jul 2024 12:00", { timeZone: "Europe/Berlin" })).toBe("2024-07-01T10:00:00.000Z");
  });

  it("prefers an offset to the zone of the rules, and reads Unix time in UTC", () => {
    const rules = { timeZone: "America/New_York" };
    expect(read("2024-07-01T12:00:00Z", rules)).toBe("2024-07-01T12:00:00.000Z");
    expect(read("2024-07-01T12:00:00+02:00", rules)).toBe("2024-07-01T10:00:00.000Z");
    expect(read(1_719_835_200, rules)).toBe("2024-07-01T12:00:00.000Z");
  });

  it("rejects a local time that clocks skip, and one that occurs twice unless the rules say which it is", () => {
    const berlin = { timeZone: "Europe/Berlin" };
    const text = "2024-10-27 02:30:00";
    expect(read(text, berlin)).toBe("timestamp_repeated");
    expect(read(text, { ...berlin, repeatedLocalTime: "first" })).toBe("2024-10-27T00:30:00.000Z");
    expect(read(text, { ...berlin, repeatedLocalTime: "second" })).toBe("2024-10-27T01:30:00.000Z");
    expect(read(`${text}+01:00`, berlin)).toBe("2024-10-27T01:30:00.000Z");
    expect(read("2024-10-27", berlin)).toBe("2024-10-26T22:00:00.000Z");
    expect(read("2024-03-31T01:59:59.999", berlin)).toBe("2024-03-31T00:59:59.999Z");
    expect(read("2024-03-31T02:00", berlin)).toBe("timestamp_nonexistent");
    expect(read("2024-03-31T02:59:59.999999", berlin)).toBe("timestamp_nonexistent");
    expect(read("2024-03-31T03:00", berlin)).toBe("2024-03-31T01:00:00.000Z");
    expect(read("2024-10-27T03:00", berlin)).toBe("2024-10-27T02:00:00.000Z");
    expect(read("2024-10-06T02:15", { timeZone: "Australia/Lord_Howe" })).toBe("timestamp_nonexistent");
  });

  it("reads a date as the first instant of its day, even if clocks skip midnight, but rejects a skipped day", () => {
    expect(read("2018-11-04", { timeZone: "America/Sao_Paulo" })).toBe("2018-11-04T03:00:00.000Z");
    expect(read("2018-11-04T00:00", { timeZone: "America/Sao_Paulo" })).toBe("timestamp_nonexistent");
    expect(read("2011-12-30", { timeZone: "Pacific/Apia" })).toBe("timestamp_nonexistent");
    expect(read("2011-12-31", { timeZone: "Pacific/Apia" })).toBe("2011-12-30T10:00:00.000Z");
  });

  it.each([
    "2024-02-30",
    "2023-02-29",
    "1900-02-29T00:00:00Z",
    "2024-04-31T10:30:00Z",
    "2024-13-01",
    "2024-00-10",
    "2024-01-00",
    "2024-01-32T00:00:00Z",
    "2024-01-15T24:00:00Z",
    "2024-01-15T10:60:00Z",
    "2024-01-15T23:59:60Z",
    "2024-01-15T23:59:60.000Z",
    "2024-01-15T23:59:60.000000Z",
    "2024-01-15T10:30:00+24:00",
    "2024-01-15T10:30:00+01:60",
    "1850-01-15T10:30:00+00:53:60",
    "2024/02/30 10:30",
    "20240230T103000Z",
    "30 Feb 2024 10:30 GMT",
    "Tue, 15 Jan 2024 10:30:00 GMT",
  ])("refuses %s, which no calendar or clock shows", (text) => {
    expect(read(text)).toBe("timestamp_impossible");
  });

  it.each([
    ["0000-12-31T23:59:59Z"],
    ["0000-12-31T23:59:59-01:00"],
    ["0001-01-01T00:00:00+00:01"],
    ["9999-12-31T23:59:59-00:01"],
    ["+010000-01-01T00:00:00.000Z"],
    ["10000-01-01"],
    ["-000001-12-31T23:59:59.999Z"],
    ["-0001-01-01"],
    [new Date(253_402_300_800_000)],
    [new Date(-62_135_596_800_001)],
  ])("refuses %s, out of the years 0001 to 9999", (value) => {
    expect(read(value)).toBe("timestamp_out_of_range");
  });

  it("checks the range after the offset is applied", () => {
    expect(read("0001-01-01T01:00:00+01:00")).toBe("0001-01-01T00:00:00.000Z");
    expect(read("9999-12-31T22:59:59.999999-01:00")).toBe("9999-12-31T23:59:59.999999Z");
    expect(read("0001-01-01T00:00", { timeZone: "Europe/Berlin" })).toBe("timestamp_out_of_range");
    expect(read("9999-12-31T23:00", { timeZone: "America/New_York" })).toBe("timestamp_out_of_range");
  });

  it.each([
    "01/02/2024",
    "1/2/2024 10:30",
    "01-02-2024",
    "01.02.2024 10:30:00",
    "01/02/24",
    "24/01/15",
    "1/2/2024, 10:30 AM",
  ])("does not guess what %s means", (text) => {
    expect(read(text)).toBe("timestamp_ambiguous");
  });

  it.each([
    "2024",
    "202401",
    "20240115",
    "2024011510",
    "202401151030",
    "20240115103000",
    "20240115103000123",
    "20240115103000.5",
    20_240_115,
    202_401_151_030,
    20_240_115_103_000,
    "19000101",
    "21001231",
  ])("reads %s neither as a date nor as Unix time", (value) => {
    expect(read(value)).toBe("timestamp_ambiguous");
  });

  it("names the part of a date that comes first if the numbers show it", () => {
    expect(parseTimestamp("12/31/2024")).toEqual({
      code: "timestamp_not_recognized",
      message:
        'timestamp "12/31/2024" has its month first, but other dates of the sender may not show this order; send it as 2024-01-15T10:30:00Z, or name the format in the mapping: timestampFormats: [luxonFormat("MM/dd/yyyy")] from @evt/core/luxon',
    });
    expect(messageOf("31/12/2024")).toContain("has its day first");
    expect(messageOf("31.12.2024 10:30 UTC")).toContain('luxonFormat("dd.MM.yyyy HH:mm z")');
  });

  it.each([
    "13/13/2024",
    "30/02/2024",
    "02/30/2024",
    "00/01/2024",
    "01/02/2024 25:00",
    "01/02/2024 13:00 PM",
  ])("refuses %s, which is no date in any order", (text) => {
    expect(read(text)).toBe("timestamp_impossible");
  });

  it.each([
    ["01/02/2024", 'luxonFormat("dd/MM/yyyy")'],
    ["01/15/2024 02:30 PM", 'luxonFormat("MM/dd/yyyy hh:mm a")'],
    ["15.01.2024 10:30:00.123456", 'luxonFormat("dd.MM.yyyy HH:mm:ss.u")'],
    ["15.01.2024 10:30:00.123", 'luxonFormat("dd.MM.yyyy HH:mm:ss.SSS")'],
    ["01/02/2024 10:30:00 +0000", 'luxonFormat("dd/MM/yyyy HH:mm:ss ZZZ")'],
    ["99/12/31", 'luxonFormat("yy/MM/dd")'],
    ["20240115103000.500", 'luxonFormat("yyyyMMddHHmmss.u")'],
    ["1.2.24 10:30", 'luxonFormat("d.M.yy HH:mm")'],
    ["01-02-2024T10:30:00", `luxonFormat("dd-MM-yyyy'T'HH:mm:ss")`],
    ["20240115103000", 'luxonFormat("yyyyMMddHHmmss")'],
  ])("names the option that settles %s", (text, option) => {
    expect(messageOf(text)).toContain(`timestampFormats: [${option}] from @evt/core/luxon`);
  });

  it.each([
    [""],
    ["   "],
    ["now"],
    ["NaN"],
    ["Infinity"],
    ["null"],
    ["0x10"],
    ["1e9"],
    ["1_705_314_600"],
    ["1,705,314,600"],
    ["١٧٠٥٣١٤٦٠٠"],
    ["２０２４-01-15"],
    ["2024-01/15"],
    ["2024-01"],
    ["2024-W03-1"],
    ["2024-015"],
    ["2024-01-15T10"],
    ["2024-01-15T10:30.5Z"],
    ["2024-01-15T10:30:00."],
    ["2024-01-15T10:30:00.Z"],
    ["2024-01-15T10:30:00Zjunk"],
    ["2024-01-15T10:30:00.123456789Zjunk"],
    ["2024-01-15Z"],
    ["15 Jan 24 10:30 GMT"],
    ["1/2/20245"],
    ["2024-01-15T10:30:00 01:00"],
    ["2024-01-15 +01:00"],
    ["10:30"],
    ["10:30:00"],
    ["31-Jan-24"],
    ["2024-01-15 10:30 ?"],
    ["."],
    ["-"],
    ["1705314600."],
    [".5"],
  ])("refuses %j", (value) => {
    expect(read(value)).toBe("timestamp_not_recognized");
  });

  it("rejects a value that is neither string, number nor Date", () => {
    const others = [
      true,
      false,
      null,
      undefined,
      {},
      [],
      ["2024-01-15"],
      1_705_314_600n,
      Symbol("now"),
      () => "2024-01-15",
    ];
    for (const value of others) expect(read(value)).toBe("timestamp_not_recognized");
  });

  it("rejects a value that only looks like a number or a Date", () => {
    const hollow = [
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      new Date(Number.NaN),
      Object.create(Date.prototype),
    ];
    for (const value of hollow) expect(read(value)).toBe("timestamp_not_recognized");
  });

  it("reads a Date, even of another realm or a subclass", () => {
    class Strange extends Date {
      override getTime(): number {
        throw new Error("not today");
      }
    }
    expect(read(new Date(1_705_314_600_123))).toBe("2024-01-15T10:30:00.123Z");
    expect(read(runInNewContext("new Date(0)"))).toBe("1970-01-01T00:00:00.000Z");
    expect(read(new Strange(0))).toBe("1970-01-01T00:00:00.000Z");
  });

  it("reads an inexact number by its digits", () => {
    expect(read(new InexactNumber("1705314600.12345600000000001"))).toBe("2024-01-15T10:30:00.123456Z");
    expect(read(new InexactNumber("1739818888499200001"))).toBe("2025-02-17T19:01:28.499200Z");
    expect(read(new InexactNumber("1e400"))).toBe("timestamp_not_recognized");
  });

  it.each([
    ["2016-12-31T23:59:60Z", "send second 59, or the first second of the next minute"],
    ["0000-00-00 00:00:00", "is a zero date"],
    [350, 'set `epoch: "seconds"`'],
    [727_007_400, 'set `epoch: "seconds"`;'],
    ["103000", "if it is a time of day, send date and time in one field"],
    [45306.4375, "if it is an Excel date, set `excelSerial: true`"],
    [133_497_882_000_000_000, "as Windows FILETIME it is 2024-01-15"],
    ["638409114000000000", "as .NET ticks it is 2024-01-15T10:30:00.000Z"],
    [2_460_325.5, "as a Julian day it is 2024-01-16T00:00:00.000Z"],
    [350, "nor Unix time from 2000-01-01 to 2100-01-01; if"],
    ["10:30", "is a time of day without a date"],
    ["10:30:00.5 PM", "is a time of day without a date"],
    ["2024-01-15T10:30:00 01:00", "has an offset without its sign"],
    ["2024-01-15 10:30:00 CET", 'names the zone "CET"'],
    ["2024-01-15 10:30:00 CET", 'zoneNames: { "CET": "+01:00" }'],
  ])("gives advice about %s", (value, help) => {
    expect(messageOf(value)).toContain(help);
  });

  it("does not advise Unix time for digits that are FILETIME or ticks", () => {
    for (const text of ["133497882000000000", "638409114000000000"])
      expect(messageOf(text)).not.toContain("epoch:");
  });

  it("names the problem and the remedy, and shortens long values", () => {
    expect(messageOf("2024-02-30")).toBe(
      'timestamp "2024-02-30": 2024-02 has days 01 to 29; send a time that exists',
    );
    expect(messageOf("tomorrow")).toMatch(
      /^timestamp is "tomorrow"; send ISO 8601 such as 2024-01-15T10:30:00Z/,
    );
    expect(messageOf("x".repeat(1_000_000))?.length).toBeLessThan(300);
    expect(messageOf(`2024-02-30T10:30:00.${"1".repeat(1_000_000)}`)?.length).toBeLessThan(300);
  });

  it.each([
    `${"9".repeat(200_000)}-`,
    `0${"0".repeat(200_000)}`,
    `1 Jan 2024 10:30${" ".repeat(200_000)}!`,
    `1 Jan 2024 10:30${" ()".repeat(60_000)}!`,
    `${"1/".repeat(100_000)}`,
    `2024-01-15T10:30:00.${"1".repeat(200_000)}!`,
    " ".repeat(200_000),
  ])("is done with a hostile text at once (case %#)", (text) => {
    const start = process.cpuUsage();
    parseTimestamp(text);
    // quadratic time would be a minute
    expect(process.cpuUsage(start).user).toBeLessThan(3_000_000);
  });
});
