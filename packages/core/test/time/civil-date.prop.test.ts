import { describe, expect } from "vitest";
import { civilFromDays, DAY_MS, daysFromCivil, daysInMonth, weekdayOf } from "../../src/time/civil-date.js";
import { fc, test } from "../properties.js";

/** The whole range of `Date`, which uses the same calendar. */
const days = fc.integer({ min: -100_000_000, max: 100_000_000 });

describe("civil date", () => {
  test.prop([days])("equals the date of Date", (day) => {
    const date = new Date(day * DAY_MS);
    expect(civilFromDays(day)).toEqual({
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
    });
    expect(weekdayOf(day)).toBe((date.getUTCDay() + 6) % 7);
  });

  test.prop([days])("converts back to its day", (day) => {
    const { year, month, day: dayOfMonth } = civilFromDays(day);
    expect(daysFromCivil(year, month, dayOfMonth)).toBe(day);
  });

  test.prop([fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 12 })])(
    "has as many days in a month as from its first day to the next month",
    (year, month) => {
      const next = month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1);
      expect(daysInMonth(year, month)).toBe(next - daysFromCivil(year, month, 1));
    },
  );
});
