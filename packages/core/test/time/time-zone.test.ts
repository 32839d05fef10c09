import { describe, expect, it, vi } from "vitest";
import {
  formatInZone,
  isTimeZone,
  localInstant,
  offsetChange,
  offsetMsAt,
  startOfLocalDay,
} from "../../src/time/time-zone.js";

const at = (text: string) => Date.parse(text);
const local = (text: string) => Date.parse(`${text}Z`);
const day = (text: string) => Date.parse(text) / 86_400_000;
const instant = (zone: string, text: string) => {
  const ms = localInstant(zone, local(text), "first");
  return typeof ms === "number" ? new Date(ms).toISOString() : ms;
};
const dayStart = (zone: string, text: string) => new Date(startOfLocalDay(zone, day(text))).toISOString();

describe("isTimeZone", () => {
  it.each([
    "UTC",
    "Europe/Berlin",
    "america/new_york",
    "Asia/Kathmandu",
    "Etc/GMT+5",
    "EST",
    "CET",
    "EST5EDT",
    "US/Eastern",
  ])("knows %s", (name) => {
    expect(isTimeZone(name)).toBe(true);
  });

  it.each(["", "Mars/Olympus", "Europe/Berlin ", "+01:00", "-0500", "UTC+1", "local", "Z", "Europe"])(
    "refuses %j",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );

  it("does not look up a name that is longer than any zone", () => {
    const format = vi.spyOn(Intl, "DateTimeFormat");
    expect(isTimeZone(`Europe/${"x".repeat(58)}`)).toBe(false);
    expect(format).not.toHaveBeenCalled();
    expect(isTimeZone(`Europe/${"x".repeat(57)}`)).toBe(false);
    expect(format).toHaveBeenCalledOnce();
    format.mockRestore();
  });

  it.each(["BST", "IST", "PST", "CST", "ACT", "SystemV/PST8PDT"])(
    "refuses %s, which only ICU has",
    (name) => {
      expect(isTimeZone(name)).toBe(false);
      expect(() => offsetMsAt(name, 0)).toThrow(RangeError);
      expect(isTimeZone(name)).toBe(false);
    },
  );
});

describe("offsetMsAt", () => {
  it.each([
    ["UTC", "2024-07-01T00:00:00Z", 0],
    ["Europe/Berlin", "2024-03-31T00:59:59.999Z", 3_600_000],
    ["Europe/Berlin", "2024-03-31T01:00:00Z", 7_200_000],
    ["Europe/Dublin", "2024-01-01T00:00:00Z", 0],
    ["Asia/Kolkata", "2024-01-01T00:00:00Z", 19_800_000],
    ["Asia/Kathmandu", "2024-01-01T00:00:00Z", 20_700_000],
    ["Australia/Lord_Howe", "2024-01-01T00:00:00Z", 39_600_000],
    ["Australia/Lord_Howe", "2024-07-01T00:00:00Z", 37_800_000],
    ["America/New_York", "2024-01-01T00:00:00Z", -18_000_000],
    ["Asia/Manila", "1800-01-01T00:00:00Z", -57_368_000],
    ["Africa/Monrovia", "1971-01-01T00:00:00Z", -2_670_000],
    ["Europe/Berlin", "0001-01-01T00:00:00Z", 3_208_000],
    ["Europe/Berlin", "9999-07-01T00:00:00Z", 7_200_000],
  ])("is in %s at %s %d ms", (zone, text, offset) => {
    expect(offsetMsAt(zone, at(text))).toBe(offset);
  });

  it("stays correct beyond its cache", () => {
    const before = offsetMsAt("Europe/Berlin", at("2024-07-01T00:00:00Z"));
    for (let i = 0; i < 5000; i++) offsetMsAt("Europe/Berlin", i * 259_200_000);
    for (const zone of Intl.supportedValuesOf("timeZone").slice(0, 70)) offsetMsAt(zone, 0);
    expect(offsetMsAt("Europe/Berlin", at("2024-07-01T00:00:00Z"))).toBe(before);
  });
});

describe("offsetChange", () => {
  const change = at("2024-03-31T01:00:00Z");

  it("is the first instant of the new offset, after the first and up to the last given", () => {
    expect(offsetChange("Europe/Berlin", change - 1, change)).toBe(change);
    expect(offsetChange("Europe/Berlin", change - 40 * 86_400_000, change + 86_400_000)).toBe(change);
    expect(offsetChange("Europe/Berlin", change, change + 86_400_000)).toBeNull();
    expect(offsetChange("Europe/Berlin", change - 86_400_000, change - 1)).toBeNull();
    expect(offsetChange("UTC", 0, change)).toBeNull();
  });

  it("finds a change at a UTC midnight, no matter what is cached", () => {
    for (const text of ["2006-04-01T00:00:00Z", "2006-10-01T00:00:00Z"]) {
      expect(offsetChange("Asia/Baghdad", at(text) - 1, at(text) + 1)).toBe(at(text));
    }
  });

  it("finds changes that are only days apart", () => {
    // Recife tried summer time for one week
    const [begin, end] = [at("2000-10-08T03:00:00Z"), at("2000-10-15T02:00:00Z")];
    expect(offsetChange("America/Recife", begin - 1, end + 1)).toBe(begin);
    expect(offsetChange("America/Recife", begin, end + 1)).toBe(end);
  });
});

describe("localInstant", () => {
  it.each([
    ["UTC", "2024-03-31T02:30:00", "2024-03-31T02:30:00.000Z"],
    ["Europe/Berlin", "2024-03-31T01:59:59.999", "2024-03-31T00:59:59.999Z"],
    ["Europe/Berlin", "2024-03-31T02:00:00", "nonexistent"],
    ["Europe/Berlin", "2024-03-31T02:59:59.999", "nonexistent"],
    ["Europe/Berlin", "2024-03-31T03:00:00", "2024-03-31T01:00:00.000Z"],
    ["Europe/Berlin", "2024-10-27T01:59:59.999", "2024-10-26T23:59:59.999Z"],
    ["Europe/Berlin", "2024-10-27T02:00:00", "2024-10-27T00:00:00.000Z"],
    ["Europe/Berlin", "2024-10-27T02:59:59.999", "2024-10-27T00:59:59.999Z"],
    ["Europe/Berlin", "2024-10-27T03:00:00", "2024-10-27T02:00:00.000Z"],
    ["Australia/Lord_Howe", "2024-04-07T01:30:00", "2024-04-06T14:30:00.000Z"],
    ["Australia/Lord_Howe", "2024-04-07T02:00:00", "2024-04-06T15:30:00.000Z"],
    ["Australia/Lord_Howe", "2024-10-06T02:15:00", "nonexistent"],
    ["Pacific/Apia", "2011-12-30T12:00:00", "nonexistent"],
    ["Pacific/Apia", "2011-12-29T23:59:59.999", "2011-12-30T09:59:59.999Z"],
    ["Pacific/Apia", "2011-12-31T00:00:00", "2011-12-30T10:00:00.000Z"],
    ["America/Juneau", "1867-10-18T20:00:00", "1867-10-18T04:57:41.000Z"],
    ["Africa/Monrovia", "1972-01-07T00:20:00", "nonexistent"],
  ])("is in %s at %s %s", (zone, text, expected) => {
    expect(instant(zone, text)).toBe(expected);
  });

  it("is as the caller says if clocks show the time twice", () => {
    const read = (zone: string, text: string) =>
      (["first", "second", "reject"] as const).map((repeated) => localInstant(zone, local(text), repeated));
    const [berlin, lordHowe] = [at("2024-10-27T00:30:00Z"), at("2024-04-06T14:40:00Z")];
    expect(read("Europe/Berlin", "2024-10-27T02:30:00")).toEqual([berlin, berlin + 3_600_000, "repeated"]);
    expect(read("Australia/Lord_Howe", "2024-04-07T01:40:00")).toEqual([
      lordHowe,
      lordHowe + 1_800_000,
      "repeated",
    ]);
    const once = at("2024-10-27T02:00:00Z");
    expect(read("Europe/Berlin", "2024-10-27T03:00:00")).toEqual([once, once, once]);
    expect(read("Europe/Berlin", "2024-03-31T02:30:00")).toEqual(Array(3).fill("nonexistent"));
  });
});

describe("startOfLocalDay", () => {
  it.each([
    ["UTC", "2024-01-15", "2024-01-15T00:00:00.000Z"],
    ["Asia/Kolkata", "2024-01-15", "2024-01-14T18:30:00.000Z"],
    ["America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00.000Z"],
    ["America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00.000Z"],
    ["America/Havana", "2024-11-03", "2024-11-03T04:00:00.000Z"],
    ["America/St_Johns", "2010-11-07", "2010-11-07T02:30:00.000Z"],
    ["Pacific/Apia", "2011-12-29", "2011-12-29T10:00:00.000Z"],
    ["Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00.000Z"],
    ["Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00.000Z"],
  ])("is in %s on %s %s", (zone, date, expected) => {
    expect(dayStart(zone, date)).toBe(expected);
  });
});

describe("formatInZone", () => {
  it.each([
    ["2024-03-10T05:00:00Z", "America/New_York", "2024-03-10T00:00:00.000-05:00"],
    ["2024-03-10T07:00:00Z", "America/New_York", "2024-03-10T03:00:00.000-04:00"],
    ["2024-01-15T00:00:00.123Z", "UTC", "2024-01-15T00:00:00.123Z"],
    ["2024-01-15T00:00:00Z", "Europe/London", "2024-01-15T00:00:00.000+00:00"],
    ["2024-01-15T00:00:00Z", "Asia/Kathmandu", "2024-01-15T05:45:00.000+05:45"],
    ["1800-01-01T00:00:00Z", "Asia/Manila", "1799-12-31T08:03:52.000-15:56:08"],
    ["0001-01-01T00:00:00Z", "America/New_York", "0000-12-31T19:03:58.000-04:56:02"],
    ["9999-12-31T23:00:00Z", "Asia/Kathmandu", "+010000-01-01T04:45:00.000+05:45"],
  ])("writes %s in %s as %s", (text, zone, expected) => {
    expect(formatInZone(at(text), zone)).toBe(expected);
  });

  it("writes microseconds if there are any", () => {
    expect(formatInZone(at("2024-01-15T00:00:00.001Z"), "Asia/Kolkata", 7)).toBe(
      "2024-01-15T05:30:00.001007+05:30",
    );
  });
});
