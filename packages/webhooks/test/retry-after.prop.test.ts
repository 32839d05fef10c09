import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_RETRY_AFTER_S, retryAfterS } from "../src/retry-after.js";

const NOW = Date.parse("2026-03-01T12:00:00Z");

describe("Retry-After", () => {
  it.each([
    ["seconds", "120", 120],
    ["seconds between spaces", " 7 ", 7],
    ["no delay", "0", 0],
    ["a date", "Sun, 01 Mar 2026 12:02:00 GMT", 120],
    ["a date that has passed", "Sun, 01 Mar 2026 11:00:00 GMT", 0],
    ["more than a day", "86401", MAX_RETRY_AFTER_S],
    ["more digits than a number holds", "9".repeat(400), MAX_RETRY_AFTER_S],
    ["a date in years", "Sat, 01 Mar 2036 12:00:00 GMT", MAX_RETRY_AFTER_S],
  ])("is read if it is %s", (_, header, seconds) => {
    expect(retryAfterS(header, NOW)).toBe(seconds);
  });

  it.each([
    null,
    "",
    "-1",
    "1.5",
    "1e3",
    "0x10",
    "soon",
    "2026-03-01T13:00:00Z",
    "Sun Mar  1 13:00:00 2026",
    "Sun, 01 Xyz 2026 13:00:00 GMT",
    "Sun, 01 Mar 2026 13:00:00 +0200",
  ])("is ignored if it is %s", (header) => {
    expect(retryAfterS(header, NOW)).toBe(0);
  });

  it("never returns a negative delay or more than a day", () => {
    const header = fc.oneof(
      fc.string(),
      fc.bigInt().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(header, (value) => {
        const seconds = retryAfterS(value, NOW);
        expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_RETRY_AFTER_S).toBe(true);
      }),
    );
  });
});
