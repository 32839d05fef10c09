import { DateTime } from "luxon";
import { describe, expect } from "vitest";
import { offsetMsAt } from "../../src/time/time-zone.js";
import { parseTimestamp, TimestampReader } from "../../src/time/timestamp.js";
import { fc, test } from "../properties.js";
import { epochMs, timeZone } from "../time-arbitraries.js";

/** Any second of the years 1000 to 9998: other years are not printed with four digits in every zone. */
const second = epochMs
  .filter((ms) => ms > -30_000_000_000_000 && ms < 253_370_000_000_000)
  .map((ms) => Math.floor(ms / 1000) * 1000);

type Printer = (at: DateTime) => string;
const by =
  (pattern: string): Printer =>
  (at) =>
    at.setLocale("en-US").toFormat(pattern);

/** Forms with an offset or UTC. */
const ZONED: readonly Printer[] = [
  by("yyyy-MM-dd HH:mm:ss ZZZ"),
  by("yyyy-M-d H:mm:ss ZZ"),
  by("yyyy/M/d H:mm:ss ZZZ"),
  by("yyyy-MM-dd HH:mm:ss ZZZ 'CET'"),
  by("yyyy-MM-dd'T'HH:mm:ssZZ"),
  by("d MMM yyyy HH:mm:ss ZZZ"),
  by("EEE, dd MMM yyyy HH:mm:ss ZZZ"),
  by("EEEE, MMMM d, yyyy 'at' h:mm:ss a ZZ"),
  by("EEE MMM dd yyyy HH:mm:ss 'GMT'ZZZ '(Some Standard Time)'"),
  by("EEE MMM d HH:mm:ss ZZZ yyyy"),
  by("dd/MMM/yyyy:HH:mm:ss ZZZ"),
  by("MMM d, yyyy, h:mm:ss a ZZ"),
  (at) => `${at.toUTC().toFormat("yyyy-MM-dd HH:mm:ss")} UTC`,
  (at) => `${at.toUTC().toFormat("yyyy-MM-dd HH:mm:ss")} +0000 UTC`,
  (at) => at.toJSDate().toUTCString(),
  (at) => at.toJSDate().toString(),
  (at) => at.toJSDate().toISOString(),
  (at) => at.toUTC().setLocale("en-US").toFormat("EEE MMM d HH:mm:ss 'UTC' yyyy"),
];

/** Forms of a local time. */
const LOCAL: readonly Printer[] = [
  by("yyyy-MM-dd HH:mm:ss"),
  by("yyyy-M-d H:mm:ss"),
  by("yyyy/MM/dd HH:mm:ss"),
  by("yyyy.M.d HH:mm:ss"),
  by("yyyy-MM-dd h:mm:ss a"),
  by("d MMMM yyyy HH:mm:ss"),
  by("MMM d, yyyy h:mm:ss a"),
  by("EEE MMM d HH:mm:ss yyyy"),
];

/** Forms that may be refused, but must not be read as another instant. */
const ANY: readonly Printer[] = [
  by("dd/MM/yyyy HH:mm:ss"),
  by("M/d/yyyy h:mm:ss a"),
  by("dd.MM.yy HH:mm"),
  by("yyyyMMddHHmmss"),
  by("yyyyMMdd"),
  by("yyyyMMddHH"),
  by("HH:mm:ss"),
  by("HHmmss"),
  by("yyyy-MM-dd HH:mm:ss z"),
  by("yyyy-MM-dd HH:mm:ss ZZZZ"),
  by("EEE MMM d HH:mm:ss ZZZZ yyyy"),
  by("ooo"),
  by("kkkk-'W'WW"),
  by("D t"),
  by("FFFF"),
  (at) =>
    new Intl.DateTimeFormat("de-DE", {
      dateStyle: "full",
      timeStyle: "long",
      timeZone: at.zoneName ?? "UTC",
    }).format(at.toMillis()),
];

const shown = (ms: number, zone: string) => DateTime.fromMillis(ms, { zone });
const canonical = (ms: number) => new Date(ms).toISOString();
/** luxon prints offsets without seconds, such as those of local mean times. */
const hasWholeMinutes = (ms: number, zone: string) => offsetMsAt(zone, ms) % 60_000 === 0;

describe("a printed instant", () => {
  test.prop([second, timeZone, fc.constantFrom(...ZONED)], { numRuns: 1_000 })(
    "is read with its offset, whatever the zone of the mapping",
    (ms, zone, print) => {
      fc.pre(hasWholeMinutes(ms, zone));
      const text = print(shown(ms, zone));
      // `Date.prototype.toString` prints in the zone of the process, without the seconds of its offset
      fc.pre(new Date(ms).getTimezoneOffset() % 1 === 0);
      expect([text, parseTimestamp(text, { timeZone: "Asia/Kathmandu" })]).toEqual([text, canonical(ms)]);
    },
  );

  test.prop([second, timeZone, fc.constantFrom(...LOCAL)], { numRuns: 1_000 })(
    "is read as local time, or refused because clocks show it twice",
    (ms, zone, print) => {
      fc.pre(hasWholeMinutes(ms, zone));
      const text = print(shown(ms, zone));
      const read = (repeatedLocalTime: "first" | "second" | "reject") =>
        parseTimestamp(text, { timeZone: zone, repeatedLocalTime });
      const strict = read("reject");
      if (typeof strict === "string") expect([text, strict]).toEqual([text, canonical(ms)]);
      else {
        expect([text, strict.code]).toEqual([text, "timestamp_repeated"]);
        expect([read("first"), read("second")]).toContain(canonical(ms));
      }
    },
  );

  test.prop([second, timeZone, fc.constantFrom(...ANY)], { numRuns: 1_000 })(
    "is never read as another instant",
    (ms, zone, print) => {
      const text = print(shown(ms, zone));
      // ten digits are a date with an hour only from 2000 to 2100; others are Unix time
      fc.pre(text.length !== 10 || !/^(?!20|2100)\d{10}$/.test(text));
      const read = parseTimestamp(text, { timeZone: zone });
      if (typeof read === "string") expect([text, read]).toEqual([text, canonical(ms)]);
    },
  );

  test.prop([
    fc.integer({ min: 946_684_800_000, max: 4_102_444_799_999 }),
    fc.constantFrom(1e3, 1, 1e-3, 1e-6),
  ])("is read as Unix time in any unit, or refused", (ms, perMs) => {
    const text =
      perMs > 1 ? String(Math.floor(ms / perMs)) : (BigInt(ms) * BigInt(Math.round(1 / perMs))).toString();
    const read = parseTimestamp(text);
    const expected = perMs > 1 ? Math.floor(ms / 1000) * 1000 : ms;
    if (typeof read === "string") expect(read).toBe(canonical(expected));
    else expect(read.code).toBe("timestamp_ambiguous");
  });

  test.prop([second, fc.constantFrom("Windows", ".NET", "WebKit", "Julian", "GPS week", "minutes", "hours")])(
    "is refused if it counts from another beginning",
    (ms, kind) => {
      fc.pre(ms > Date.UTC(2010, 0) && ms < Date.UTC(2050, 0));
      const count = {
        Windows: BigInt(ms + 11_644_473_600_000) * 10_000n,
        ".NET": BigInt(ms + 62_135_596_800_000) * 10_000n,
        WebKit: BigInt(ms + 11_644_473_600_000) * 1_000n,
        Julian: ms / 86_400_000 + 2_440_587.5,
        "GPS week": Math.floor((ms - Date.UTC(1980, 0, 6)) / 604_800_000),
        minutes: Math.floor(ms / 60_000),
        hours: Math.floor(ms / 3_600_000),
      }[kind];
      expect(parseTimestamp(String(count))).toMatchObject({ code: expect.stringMatching(/^timestamp_/) });
    },
  );

  test.prop([second, timeZone])("is read as an Excel date to the millisecond", (ms, zone) => {
    fc.pre(hasWholeMinutes(ms, zone));
    const local = ms + offsetMsAt(zone, ms);
    const serial = String(local / 86_400_000 + 25_569);
    const inRange = local >= Date.UTC(2000, 0) && local < Date.UTC(2100, 0);
    const read = new TimestampReader({ timeZone: zone, excelSerial: true, repeatedLocalTime: "first" });
    const second = new TimestampReader({ timeZone: zone, excelSerial: true, repeatedLocalTime: "second" });
    if (inRange) expect([read.read(serial), second.read(serial)]).toContain(canonical(ms));
    // `1984` is a day of 1905, and also a year
    else
      expect(read.read(serial)).toMatchObject({
        code: expect.stringMatching(/_not_recognized$|_ambiguous$/),
      });
  });
});
