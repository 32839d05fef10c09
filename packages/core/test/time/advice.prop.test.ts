import { describe, expect } from "vitest";
import { luxonFormat } from "../../src/luxon.js";
import type { Mapping } from "../../src/normalize/mapping.js";
import { createNormalize } from "../../src/normalize/normalize.js";
import { fc, test } from "../properties.js";

const context = { receivedAt: "2024-06-01T00:00:00.000Z" };

/** The timestamp of an event that has this value, or the issue. */
function read(value: unknown, mapping: Mapping) {
  const result = createNormalize(mapping)({ client: "c", type: "m", amount: 1, time: value }, context);
  return result.outcome === "normalized" ? result.event.timestamp : result.issues[0];
}

/** The options that a message names. Each option is written as in a mapping. */
function adviceIn(message: string): readonly Mapping[] {
  const found: Mapping[] = [];
  const bounds = Object.fromEntries(
    [...message.matchAll(/(earliest|latest): "([^"]+)"/g)].map(([, name, value]) => [name, value]),
  );
  const pattern = /luxonFormat\("([^"]+)"\)/.exec(message)?.[1];
  if (pattern !== undefined) found.push({ ...bounds, timestampFormats: [luxonFormat(pattern)] });
  const unit = /epoch: "(\w+)"/.exec(message)?.[1];
  if (unit !== undefined) found.push({ ...bounds, epoch: unit as "seconds" });
  if (message.includes("excelSerial: true")) found.push({ excelSerial: true });
  const zone = /zoneNames: \{ "([^"]+)": "([^"]+)" \}/.exec(message);
  if (zone !== null) found.push({ zoneNames: { [zone[1] as string]: zone[2] as string } });
  if (message.includes("repeatedLocalTime"))
    found.push({ repeatedLocalTime: "first" }, { repeatedLocalTime: "second" });
  if (found.length === 0 && Object.keys(bounds).length > 0) found.push(bounds);
  return found;
}

/**
 * Each option that the refusal names makes the value readable, or helps one step further: the next refusal is another
 * one.
 */
function expectAdviceToHelp(value: unknown, mapping: Mapping = {}, refusals: readonly string[] = []): void {
  const issue = read(value, mapping);
  if (typeof issue !== "object") return;
  expect([value, mapping, refusals]).not.toEqual([value, mapping, expect.arrayContaining([issue.code])]);
  for (const advised of adviceIn(issue.message)) {
    const next = read(value, { ...mapping, ...advised });
    if (typeof next === "object") expect(next.message).toMatch(/earliest: |latest: |repeatedLocalTime/);
    expectAdviceToHelp(value, { ...mapping, ...advised }, [...refusals, issue.code]);
  }
}

const pad = (value: number, width = 2) => String(value).padStart(width, "0");
const width = fc.constantFrom(1, 2);
const year = fc.oneof(fc.integer({ min: 1900, max: 2110 }), fc.integer({ min: 1, max: 9999 }));

/** The parts of a date that exists, each padded or not. */
const parts = fc
  .tuple(year, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }), width, width, fc.boolean())
  .filter(([y, m, d]) => d <= new Date(Date.UTC(2000 + (y % 400), m, 0)).getUTCDate())
  .map(([y, m, d, monthWidth, dayWidth, isShort]) => ({
    y: isShort ? pad(y % 100) : pad(y, 4),
    m: pad(m, monthWidth),
    d: pad(d, dayWidth),
  }));

const clock = fc
  .tuple(
    fc.constantFrom(" ", "T", ", "),
    fc.integer({ min: 0, max: 23 }),
    fc.integer({ min: 0, max: 59 }),
    fc.constantFrom("", ":07", ":59.123", ":59,5", ":30.123456"),
    fc.constantFrom("", " AM", "PM", " pm"),
    fc.constantFrom("", "Z", " UTC", " GMT", " +0000", "+05:30", " -0800", "-03"),
    width,
  )
  .map(([before, hour, minute, seconds, half, zone, hourWidth]) => {
    const shown = half === "" ? hour : (hour % 12) + 1;
    return `${before}${pad(shown, hourWidth)}:${pad(minute)}${seconds}${half}${zone}`;
  });

const shortDate = fc
  .tuple(
    parts,
    fc.constantFrom("dmy", "mdy", "ymd"),
    fc.constantFrom("/", ".", "-"),
    fc.oneof(fc.constant(""), clock),
  )
  .map(([{ d, m, y }, order, separator, rest]) => {
    const byName = { d, m, y };
    return [...order].map((part) => byName[part as "d"]).join(separator) + rest;
  });

const digits = fc
  .tuple(
    fc.date({ min: new Date("1900-01-01"), max: new Date("2100-12-31"), noInvalidDate: true }),
    fc.constantFrom(4, 6, 8, 10, 12, 14, 17),
    fc.constantFrom("", ".5", ".123"),
  )
  .map(([date, length, decimals]) => date.toISOString().replace(/\D/g, "").slice(0, length) + decimals);

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }).map(String),
  fc.tuple(fc.nat(80_000), fc.nat(9999)).map(([day, decimals]) => `${day}.${decimals}`),
);

const zoned = fc
  .tuple(
    fc.constantFrom("2024-07-15 10:30:00", "15 Jan 2024 10:30", "Jan 15, 2024, 10:30 AM"),
    fc.constantFrom("CET", "est", "Europe/Berlin", "XYZT", "Pacific Standard Time", "A"),
  )
  .map((words) => words.join(" "));

const repeated = fc.constantFrom("2024-10-27 02:30", "27 Oct 2024 02:00:00", "2024/10/27 02:59:59.999");

describe("advice about timestamps", () => {
  test.prop([shortDate], { numRuns: 1_000 })("helps if it names a pattern", (text) => {
    expectAdviceToHelp(text);
  });

  test.prop([digits], { numRuns: 300 })("helps if digits read as a date", (text) => {
    expectAdviceToHelp(text);
    expectAdviceToHelp(Number(text));
  });

  test.prop([number], { numRuns: 1_000 })("helps if a number is no Unix time", (value) => {
    expectAdviceToHelp(value);
    expectAdviceToHelp(value, { epoch: { from: "1990-01-01", to: "2000-01-01" } });
    expectAdviceToHelp(value, { epoch: "milliseconds", excelSerial: true });
  });

  test.prop([fc.oneof(zoned, repeated)])("helps if a zone or an offset is missing", (text) => {
    expectAdviceToHelp(text, { timeZone: "Europe/Berlin" });
  });

  test.prop([year, fc.constantFrom("-01-01", "-12-31T23:59:59.999999Z", "-06-15 12:00")])(
    "helps if a timestamp is too early or too late",
    (y, rest) => {
      expectAdviceToHelp(pad(y, 4) + rest);
    },
  );
});
