import { describe, expect, it } from "vitest";
import { readRfc2822 } from "../../src/time/rfc-2822.js";

const read = (text: string, timeZone = "UTC") => {
  const answer = readRfc2822(text, timeZone);
  return typeof answer === "object" ? (answer?.code ?? null) : answer;
};

describe("readRfc2822", () => {
  it.each([
    ["Mon, 15 Jan 2024 10:30:00 +0000", "2024-01-15T10:30:00.000Z"],
    ["Mon, 15 Jan 2024 10:30:00 +0100", "2024-01-15T09:30:00.000Z"],
    ["15 Jan 2024 10:30:00 -0500", "2024-01-15T15:30:00.000Z"],
    ["15 Jan 2024 10:30 GMT", "2024-01-15T10:30:00.000Z"],
    ["1 Jan 2024 10:30:00 UT", "2024-01-01T10:30:00.000Z"],
    ["01 jan 2024 10:30:00 utc", "2024-01-01T10:30:00.000Z"],
    ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"],
    ["Mon , 15 Jan 2024  10:30:00  +0100  (CET)", "2024-01-15T09:30:00.000Z"],
    ["Mon, 15 Jan 2024 10:30:00 +0100 (Central)(European time)", "2024-01-15T09:30:00.000Z"],
    ["Mon, 15 Jan 2024 10:30:00 (no offset)", "2024-01-15T10:30:00.000Z"],
    ["Thu, 29 Feb 2024 23:59:59 -0000", "2024-02-29T23:59:59.000Z"],
    ["15 Jan 2024 10:30 EST", "2024-01-15T15:30:00.000Z"],
    ["15 Jul 2024 10:30 EDT", "2024-07-15T14:30:00.000Z"],
    ["15 Jan 2024 10:30 CST", "2024-01-15T16:30:00.000Z"],
    ["15 Jul 2024 10:30 CDT", "2024-07-15T15:30:00.000Z"],
    ["15 Jan 2024 10:30 MST", "2024-01-15T17:30:00.000Z"],
    ["15 Jul 2024 10:30 MDT", "2024-07-15T16:30:00.000Z"],
    ["15 Jan 2024 10:30 PST", "2024-01-15T18:30:00.000Z"],
    ["15 Jul 2024 10:30 PDT", "2024-07-15T17:30:00.000Z"],
    ["15 Jan 2024 10:30 Z", "2024-01-15T10:30:00.000Z"],
  ])("reads %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  it("reads a time without an offset in the zone of the rules", () => {
    expect(read("15 Jul 2024 10:30:00", "Europe/Berlin")).toBe("2024-07-15T08:30:00.000Z");
    expect(read("31 Mar 2024 02:30:00", "Europe/Berlin")).toBe("timestamp_nonexistent");
  });

  it.each([
    "Tue, 15 Jan 2024 10:30:00 GMT",
    "30 Feb 2024 10:30 GMT",
    "15 Jan 2024 24:00 GMT",
    "15 Jan 2024 10:30:60 GMT",
    "15 Jan 2024 10:30:00 +2400",
    "15 Jan 2024 10:30:00 +0160",
  ])("refuses %s", (text) => {
    expect(read(text)).toBe("timestamp_impossible");
  });

  it("names the weekday of a date", () => {
    expect(readRfc2822("Tue, 15 Jan 2024 10:30:00 GMT", "UTC")).toMatchObject({
      message: expect.stringContaining("that day is a Monday"),
    });
  });

  it.each([
    "15 Jan 24 10:30 GMT",
    "15 Jan 2024",
    "15 Januar 2024 10:30 GMT",
    "15 Jan 2024 10:30 BST",
    "15 Jan 2024 10:30 A",
    "15 Jan 2024 10:30 +01:00",
    "15 Jan 2024 10:30 +0100 (never closed",
    "Monday, 15 Jan 2024 10:30 GMT",
    "Mon 15 Jan 2024 10:30 GMT",
    "15Jan2024 10:30 GMT",
  ])("leaves %s to others", (text) => {
    expect(read(text)).toBeNull();
  });
});
