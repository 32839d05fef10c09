import { describe, expect, it } from "vitest";
import { type PlainDateRules, readPlainDate } from "../../src/time/plain-date.js";

const UTC: PlainDateRules = { timeZone: "UTC", repeatedLocalTime: "reject", zoneNames: new Map() };
const read = (text: string, rules: Partial<PlainDateRules> = {}) => {
  const result = readPlainDate(text, { ...UTC, ...rules });
  return typeof result === "object" ? (result?.code ?? null) : result;
};

describe("readPlainDate", () => {
  it.each([
    ["Mon, 15 Jan 2024 10:30:00 +0000", "2024-01-15T10:30:00.000Z"],
    ["Mon, 15 Jan 2024 10:30:00 +0100", "2024-01-15T09:30:00.000Z"],
    ["Mon,15 Jan 2024 10:30:00 GMT", "2024-01-15T10:30:00.000Z"],
    ["15 Jan 2024 10:30:00 -0500", "2024-01-15T15:30:00.000Z"],
    ["15 Jan 2024 10:30 GMT", "2024-01-15T10:30:00.000Z"],
    ["1 Jan 2024 10:30:00 UT", "2024-01-01T10:30:00.000Z"],
    ["01 jan 2024 10:30:00 utc", "2024-01-01T10:30:00.000Z"],
    ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Mon , 15 Jan 2024  10:30:00  +0100  (CET)", "2024-01-15T09:30:00.000Z"],
    ["Mon, 15 Jan 2024 10:30:00 +0100 (Central)(European time)", "2024-01-15T09:30:00.000Z"],
    ["Thu, 29 Feb 2024 23:59:59 -0000", "2024-02-29T23:59:59.000Z"],
    ["15 Jan 2024 10:30 Z", "2024-01-15T10:30:00.000Z"],
    ["15 Jan 2024 10:30 +01:00", "2024-01-15T09:30:00.000Z"],
  ])("reads the date of mail and HTTP: %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each([
    ["2024-1-5", "2024-01-05T00:00:00.000Z"],
    ["2024/1/5 9:05", "2024-01-05T09:05:00.000Z"],
    ["2024-01-15  10:30", "2024-01-15T10:30:00.000Z"],
    ["2024-1-15 10:30:00,123 UTC", "2024-01-15T10:30:00.123Z"],
    ["2024.01.15 10:30:00", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15 10:30:00 UTC", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15 10:30:00 GMT", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15 10:30:00 Z", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15 10:30:00 +0000", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15T10:30:00 +01:00", "2024-01-15T09:30:00.000Z"],
    ["2024-01-15 02:30 PM", "2024-01-15T14:30:00.000Z"],
    ["2024-01-15 12:30:15 a.m. UTC", "2024-01-15T00:30:15.000Z"],
    ["2024-01-15 10:30:00.123456789 UTC", "2024-01-15T10:30:00.123456789Z"],
  ])("reads a date with its year first: %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each([
    ["Mon Jan 15 2024 10:30:00 GMT+0000 (Coordinated Universal Time)", "2024-01-15T10:30:00.000Z"],
    ["Mon Jan 15 2024 10:30:00 GMT+0100 (Central European Standard Time)", "2024-01-15T09:30:00.000Z"],
    ["Mon Jan 15 2024", "2024-01-15T00:00:00.000Z"],
    ["2024-01-15 10:30:00 +0000 UTC", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15 10:30:00.123456789 +0100 CET", "2024-01-15T09:30:00.123456789Z"],
    ["2024-01-15 10:30:00.5 -0300 -03 m=+0.000012345", "2024-01-15T13:30:00.500Z"],
    ["Mon Jan 15 10:30:00 UTC 2024", "2024-01-15T10:30:00.000Z"],
    ["Mon Jan 15 10:30:00 +0100 2024", "2024-01-15T09:30:00.000Z"],
    ["Mon Jan  1 10:30:00 2024", "2024-01-01T10:30:00.000Z"],
    ["2024-01-15T10:30:00+01:00[Europe/Berlin]", "2024-01-15T09:30:00.000Z"],
    ["2024-01-15T10:30Z[Europe/London]", "2024-01-15T10:30:00.000Z"],
    ["Jan 15, 2024, 10:30:00 AM GMT+1", "2024-01-15T09:30:00.000Z"],
    ["15/Jan/2024:10:30:00 +0000", "2024-01-15T10:30:00.000Z"],
  ])("reads the date formats of programming languages and server logs: %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it.each([
    ["15 Jan 2024", "2024-01-15T00:00:00.000Z"],
    ["15 January 2024", "2024-01-15T00:00:00.000Z"],
    ["15-Jan-2024 10:30", "2024-01-15T10:30:00.000Z"],
    ["Jan 15, 2024", "2024-01-15T00:00:00.000Z"],
    ["January 15th, 2024 at 10:30\u202fPM", "2024-01-15T22:30:00.000Z"],
    ["Monday, January 15, 2024 10:30 AM UTC", "2024-01-15T10:30:00.000Z"],
    ["Sept. 5, 2024", "2024-09-05T00:00:00.000Z"],
  ])("reads a month by its name: %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it("reads a time without an offset as local time in `timeZone`", () => {
    const berlin = { timeZone: "Europe/Berlin" };
    expect(read("15 Jul 2024 10:30:00", berlin)).toBe("2024-07-15T08:30:00.000Z");
    expect(read("31 Mar 2024 02:30:00", berlin)).toBe("timestamp_nonexistent");
    expect(read("27 Oct 2024 02:30:00", berlin)).toBe("timestamp_repeated");
    expect(read("2024-1-5", berlin)).toBe("2024-01-04T23:00:00.000Z");
  });

  it.each([
    "15 Jan 2024 10:30 EST",
    "15 Jan 2024 10:30 CST",
    "15 Jan 2024 10:30 BST",
    "15 Jan 2024 10:30 A",
    "2024-01-15 10:30:00 CET",
    "2024-01-15 10:30:00 Europe/Berlin",
    "2024-01-15T10:30:00[Europe/Berlin]",
    "Mon Jan 15 10:30:00 IST 2024",
    "15 Jan 2024 10:30 Pacific Standard Time",
    "Mon, 15 Jan 2024 10:30:00 (PST)",
  ])("refuses %s: its zone is a name without an offset", (text) => {
    expect(read(text, { timeZone: "Europe/Berlin" })).toBe("timestamp_zone_unknown");
  });

  it("reads a zone by the name that the rules have for it", () => {
    const zoneNames = new Map([
      ["est", "-05:00"],
      ["ct", "America/Chicago"],
    ]);
    expect(read("15 Jan 2024 10:30 EST", { zoneNames })).toBe("2024-01-15T15:30:00.000Z");
    expect(read("15 Jul 2024 10:30 Ct", { zoneNames })).toBe("2024-07-15T15:30:00.000Z");
    expect(read("10 Mar 2024 02:30 CT", { zoneNames })).toBe("timestamp_nonexistent");
    expect(read("15 Jan 2024 10:30 CET", { zoneNames })).toBe("timestamp_zone_unknown");
  });

  it.each([
    "Tue, 15 Jan 2024 10:30:00 GMT",
    "Tuesday 15 January 2024",
    "30 Feb 2024 10:30 GMT",
    "15 Jan 2024 24:00 GMT",
    "15 Jan 2024 13:00 PM",
    "15 Jan 2024 0:30 AM",
    "15 Jan 2024 10:30:60 GMT",
    "15 Jan 2024 10:30:00 +2400",
    "15 Jan 2024 10:30:00 +0160",
    "2024-01-15 10:30:00 +0100 UTC",
    "2024-13-5",
  ])("refuses %s, which does not exist", (text) => {
    expect(read(text)).toBe("timestamp_impossible");
  });

  it("names the right weekday if the given one is wrong", () => {
    expect(readPlainDate("Tue, 15 Jan 2024 10:30:00 GMT", UTC)).toMatchObject({
      message: expect.stringContaining("that day is a Monday"),
    });
  });

  it.each([
    "15 Jan 24 10:30 GMT",
    "15 Januar 2024 10:30 GMT",
    "15 Jan 2024 10:30 +0100 (never closed",
    "15Jan2024 10:30 GMT",
    "15 Janu 2024",
    "Mond, 15 Jan 2024",
    "15 Ma 2024",
    "2024-01/15",
    "2024-01-15 UTC",
    "2024-01-15 10:30:00Zjunk",
    "2024-01-15 10:30:00 01:00",
    "2024-01-15 10:30 +1",
  ])("returns null for %s, which has another form", (text) => {
    expect(read(text)).toBeNull();
  });
});
