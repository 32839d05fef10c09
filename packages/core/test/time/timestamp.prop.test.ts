import { describe, expect } from "vitest";
import { canonicalTimestamp, isTimestampMs, timestampMs } from "../../src/time/canonical-timestamp.js";
import { daysInMonth } from "../../src/time/civil-date.js";
import { parseTimestamp } from "../../src/time/timestamp.js";
import { fc, test } from "../properties.js";
import { epochMs, timeZone } from "../time-arbitraries.js";

const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.(?:\d{3}|\d{3}(?!000)\d{3})Z$/;

const micros = fc.integer({ min: 0, max: 999 });
const canonical = fc.tuple(epochMs, micros).map(([ms, us]) => canonicalTimestamp(ms, us));
const pad = (value: number, width = 2) => String(value).padStart(width, "0");

/** An offset as written, and in minutes. */
const offset = fc.integer({ min: -1439, max: 1439 }).map((minutes) => {
  const size = Math.abs(minutes);
  const text = `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
  return { minutes, text };
});

/** A canonical timestamp, written in any form that ISO 8601 allows. */
const written = fc
  .tuple(
    canonical,
    fc.constantFrom("T", "t", " "),
    fc.constantFrom("-", "/"),
    fc.constantFrom(".", ","),
    fc.constantFrom("Z", "z", "+00", "+0000", "-00:00", ""),
  )
  .map(([text, t, dash, point, zone]) => ({
    canonical: text,
    text: text.slice(0, -1).replace("T", t).replaceAll("-", dash).replace(".", point) + zone,
  }));

const valid = fc.oneof(
  canonical,
  written.map(({ text }) => text),
  epochMs.map((ms) => new Date(ms).toUTCString()),
  epochMs.map(String),
);

describe("parseTimestamp", () => {
  test.prop([canonical])("leaves a canonical timestamp as it is", (text) => {
    expect(parseTimestamp(text)).toBe(text);
  });

  test.prop([written])("reads the same instant in any form of ISO 8601", ({ canonical, text }) => {
    expect(parseTimestamp(text)).toBe(canonical);
  });

  test.prop([epochMs, offset, fc.constantFrom(":", "")])(
    "subtracts the offset, as Date.parse does",
    (ms, { minutes, text }, colon) => {
      const local = new Date(ms).toISOString().slice(0, -1);
      const parsed = parseTimestamp(local + text.replace(":", colon));
      const instant = ms - minutes * 60_000;
      expect(instant).toBe(Date.parse(local + text));
      if (isTimestampMs(instant)) expect(parsed).toBe(canonicalTimestamp(instant));
      else expect(parsed).toMatchObject({ code: "timestamp_out_of_range" });
    },
  );

  test.prop([epochMs])("reads the time that HTTP and mail write", (ms) => {
    const seconds = Math.floor(ms / 1000) * 1000;
    expect(parseTimestamp(new Date(ms).toUTCString())).toBe(canonicalTimestamp(seconds));
  });

  test.prop([canonical.filter((text) => text.length > 24), fc.stringMatching(/^\d{1,12}$/)])(
    "cuts digits beyond a microsecond",
    (text, rest) => {
      expect(parseTimestamp(text.replace("Z", `${rest}Z`))).toBe(text);
    },
  );

  test.prop([
    fc.integer({ min: 1, max: 9999 }),
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 0, max: 99 }),
  ])("takes the dates of the calendar and no others", (year, month, day) => {
    const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
    for (const date of [
      `${pad(year, 4)}-${pad(month)}-${pad(day)}`,
      `${pad(year, 4)}/${pad(month)}/${pad(day)}`,
    ]) {
      if (exists) expect(parseTimestamp(date)).toBe(`${date.replaceAll("/", "-")}T00:00:00.000Z`);
      else expect(parseTimestamp(date)).toMatchObject({ code: "timestamp_impossible" });
    }
  });

  test.prop([
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 0, max: 99 }),
    fc.integer({ min: 0, max: 99 }),
  ])("takes the times of a clock and no others", (hour, minute, second) => {
    const time = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
    for (const decimals of ["", ".123", ".123456"]) {
      const parsed = parseTimestamp(`2024-01-15T${time}${decimals}Z`);
      if (hour < 24 && minute < 60 && second < 60)
        expect(parsed).toBe(`2024-01-15T${time}${decimals || ".000"}Z`);
      else expect(parsed).toMatchObject({ code: "timestamp_impossible" });
    }
  });

  test.prop([timeZone, epochMs.filter((ms) => Math.abs(ms) < 6e13)])(
    "reads a date in any zone as its first instant",
    (zone, ms) => {
      const date = new Date(ms).toISOString().slice(0, 10);
      const day = parseTimestamp(date, { timeZone: zone });
      const midnight = parseTimestamp(`${date}T00:00`, { timeZone: zone });
      if (typeof midnight === "string") expect(day).toBe(midnight);
    },
  );

  test.prop([
    fc.oneof(fc.anything(), fc.string(), fc.date({ noInvalidDate: false }), fc.double(), fc.maxSafeInteger()),
  ])("never throws on any value", (value) => {
    const parsed = parseTimestamp(value, { timeZone: "Europe/Berlin" });
    if (typeof parsed === "string") expect(parsed).toMatch(CANONICAL);
    else expect(parsed.message.length).toBeLessThan(400);
  });

  test.prop([valid, fc.nat(), fc.constantFrom(..."0123456789-/:.,TtZz +x\u0660"), fc.constantFrom(0, 1)], {
    numRuns: 2000,
  })(
    "returns a canonical timestamp or a problem for a string with one wrong character",
    (text, at, character, removed) => {
      const place = at % (text.length + 1);
      const parsed = parseTimestamp(text.slice(0, place) + character + text.slice(place + removed));
      if (typeof parsed === "string")
        expect(canonicalTimestamp(timestampMs(parsed)).slice(0, 23)).toBe(parsed.slice(0, 23));
      else expect(parsed.code).toMatch(/^timestamp_/);
    },
  );
});
