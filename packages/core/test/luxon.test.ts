import { DateTime, Settings } from "luxon";
import { afterEach, describe, expect, it } from "vitest";
import { luxonFormat } from "../src/luxon.js";
import { parseTimestamp, TimestampReader } from "../src/time/timestamp.js";
import { fc, test } from "./properties.js";

const read = (text: string, pattern: string, timeZone = "UTC") => {
  const parsed = parseTimestamp(text, { timeZone, formats: [luxonFormat(pattern)] });
  return typeof parsed === "string" ? parsed : parsed.code;
};

const { defaultLocale, defaultZone, now, throwOnInvalid } = Settings;
afterEach(() => {
  Object.assign(Settings, { defaultLocale, defaultZone, now, throwOnInvalid });
});

describe("luxonFormat", () => {
  it.each([
    ["01/02/2024", "dd/MM/yyyy", "2024-02-01T00:00:00.000Z"],
    ["01/02/2024", "MM/dd/yyyy", "2024-01-02T00:00:00.000Z"],
    ["1.2.24 10:30", "d.M.yy HH:mm", "2024-02-01T10:30:00.000Z"],
    ["20240115", "yyyyMMdd", "2024-01-15T00:00:00.000Z"],
    ["15/Jan/2024:10:30:00 +0100", "dd/MMM/yyyy:HH:mm:ss ZZZ", "2024-01-15T09:30:00.000Z"],
    ["15/Jan/2024:10:30:00 -0530", "dd/MMM/yyyy:HH:mm:ss ZZZ", "2024-01-15T16:00:00.000Z"],
    ["Jan 15, 2024 10:30:00.123 PM", "MMM d, yyyy hh:mm:ss.SSS a", "2024-01-15T22:30:00.123Z"],
    ["Monday 15 January 2024", "EEEE d MMMM yyyy", "2024-01-15T00:00:00.000Z"],
    ["2024 W03 1", "kkkk 'W'WW E", "2024-01-15T00:00:00.000Z"],
    ["2024 015", "yyyy ooo", "2024-01-15T00:00:00.000Z"],
    ["01/2024", "MM/yyyy", "2024-01-01T00:00:00.000Z"],
    ["2024.01.15 10:30 Europe/Berlin", "yyyy.MM.dd HH:mm z", "2024-01-15T09:30:00.000Z"],
    ["2024.10.27 02:30 +01:00 Europe/Berlin", "yyyy.MM.dd HH:mm ZZ z", "2024-10-27T01:30:00.000Z"],
  ])("reads %s by %s", (text, pattern, canonical) => {
    expect(read(text, pattern, "UTC")).toBe(canonical);
  });

  it("keeps every decimal of a second", () => {
    const formats = [luxonFormat("dd.MM.yyyy HH:mm:ss.u"), luxonFormat("dd.MM.yyyy HH:mm:ss.u ZZZ")];
    const reader = new TimestampReader({ formats, timeZone: "Europe/Berlin" });
    for (const [text, exact] of [
      ["15.01.2024 10:30:00.5", "2024-01-15T09:30:00.500Z"],
      ["15.01.2024 10:30:00.123000", "2024-01-15T09:30:00.123Z"],
      ["15.01.2024 10:30:00.123456", "2024-01-15T09:30:00.123456Z"],
      ["15.01.2024 10:30:00.123456789 +0200", "2024-01-15T08:30:00.123456789Z"],
      ["15.01.2024 10:30:00.000000001", "2024-01-15T09:30:00.000000001Z"],
    ])
      expect(reader.read(text)).toBe(exact);
  });

  it("reads a string without an offset in the zone of the rules, and uses an offset if there is one", () => {
    expect(read("15/07/2024 10:30", "dd/MM/yyyy HH:mm", "America/New_York")).toBe("2024-07-15T14:30:00.000Z");
    expect(read("15/07/2024 10:30 +0200", "dd/MM/yyyy HH:mm ZZZ", "America/New_York")).toBe(
      "2024-07-15T08:30:00.000Z",
    );
    expect(read("15/07/2024 10:30 Asia/Kolkata", "dd/MM/yyyy HH:mm z", "America/New_York")).toBe(
      "2024-07-15T05:00:00.000Z",
    );
  });

  it("rejects a local time that clocks skip, in the zone of the rules and in its own zone", () => {
    expect(read("31/03/2024 02:30", "dd/MM/yyyy HH:mm", "Europe/Berlin")).toBe("timestamp_nonexistent");
    expect(read("31/03/2024 02:30 Europe/Berlin", "dd/MM/yyyy HH:mm z")).toBe("timestamp_nonexistent");
    expect(read("30/12/2011 12:00", "dd/MM/yyyy HH:mm", "Pacific/Apia")).toBe("timestamp_nonexistent");
    expect(read("31/03/2024 02:30 +0100", "dd/MM/yyyy HH:mm ZZZ", "Europe/Berlin")).toBe(
      "2024-03-31T01:30:00.000Z",
    );
  });

  it("reads a local time that occurs twice as the rules say", () => {
    const formats = [luxonFormat("dd/MM/yyyy HH:mm"), luxonFormat("dd/MM/yyyy HH:mm z")];
    const read = (text: string, repeatedLocalTime?: "first" | "second") =>
      parseTimestamp(text, { formats, timeZone: "Europe/Berlin", repeatedLocalTime });
    for (const text of ["27/10/2024 02:30", "27/10/2024 02:30 Europe/Berlin"]) {
      expect(read(text)).toMatchObject({ code: "timestamp_repeated" });
      expect(read(text, "first")).toBe("2024-10-27T00:30:00.000Z");
      expect(read(text, "second")).toBe("2024-10-27T01:30:00.000Z");
    }
  });

  it.each([
    ["30/02/2024", "dd/MM/yyyy"],
    ["12/31/2024", "dd/MM/yyyy"],
    ["15/01/2024 24:00", "dd/MM/yyyy HH:mm"],
    ["15/01/2024 10:60", "dd/MM/yyyy HH:mm"],
    ["15/01/2024 10:30 +2500", "dd/MM/yyyy HH:mm ZZZ"],
    ["15/01/2024 10:30 +2400", "dd/MM/yyyy HH:mm ZZZ"],
    ["Tuesday 15 January 2024", "EEEE d MMMM yyyy"],
  ])("refuses %s by %s", (text, pattern) => {
    expect(read(text, pattern)).toBe("timestamp_impossible");
  });

  it("returns null for a string of another form", () => {
    expect(luxonFormat("dd/MM/yyyy").parse("15.01.2024", "UTC")).toBeNull();
    expect(luxonFormat("dd/MM/yyyy").parse("15/01/2024 ", "UTC")).toBeNull();
    expect(luxonFormat("dd/MM/yyyy HH:mm z").parse("15/01/2024 10:30 BST", "UTC")).toBeNull();
    expect(luxonFormat("dd/MM/yyyy HH:mm z").parse("15/01/2024 10:30 Mars/Olympus", "UTC")).toBeNull();
  });

  it("reads names in the given language, English by default", () => {
    Settings.defaultLocale = "fr";
    const german = luxonFormat("d. MMMM yyyy", { locale: "de" });
    expect(german.parse("15. März 2024", "UTC")).toBe(Date.UTC(2024, 2, 15));
    expect(luxonFormat("d MMMM yyyy").parse("15 March 2024", "UTC")).toBe(Date.UTC(2024, 2, 15));
    expect(luxonFormat("d MMMM yyyy").parse("15 mars 2024", "UTC")).toBeNull();
  });

  it("does not depend on the settings of luxon", () => {
    const format = luxonFormat("dd/MM/yyyy");
    Settings.defaultZone = "Asia/Tokyo";
    Settings.now = () => 0;
    Settings.throwOnInvalid = true;
    expect(format.parse("15/01/2024", "UTC")).toBe(Date.UTC(2024, 0, 15));
    expect(format.parse("30/02/2024", "UTC")).toBe("impossible");
    expect(format.parse("tick", "UTC")).toBeNull();
  });

  it.each(["", "HH:mm", "dd/MM", "EEEE", "'yyyy' dd/MM"])(
    "refuses the pattern %j, which takes the year from the clock",
    (pattern) => {
      expect(() => luxonFormat(pattern)).toThrow(
        new TypeError(
          `luxonFormat ${JSON.stringify(pattern)} has no year; without a year, a time would depend on the clock`,
        ),
      );
    },
  );

  it.each(["yyyy-MM-dd HH:mm ZZZZ", "X", "yyyy-MM-dd HH:mm a"])(
    "refuses the pattern %j, which luxon cannot read",
    (pattern) => {
      expect(() => luxonFormat(pattern)).toThrow(TypeError);
    },
  );

  it("refuses an unknown option", () => {
    const options = { local: "de" } as object;
    expect(() => luxonFormat("dd/MM/yyyy", options)).toThrow('did you mean "locale"?');
  });

  test.prop([
    fc.date({
      min: new Date("0001-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    }),
  ])("reads what luxon writes", (date) => {
    const pattern = "dd/MM/yyyy HH:mm:ss.SSS ZZZ";
    const text = DateTime.fromJSDate(date, { zone: "UTC+5:45" }).toFormat(pattern);
    fc.pre(/^\d\d\/\d\d\/\d{4} /.test(text));
    expect(read(text, pattern)).toBe(date.toISOString());
  });
});
