import { describe, expect, it } from "vitest";
import { checkedInstant } from "../../src/upkeep/upkeep-options.js";

describe("an instant in an upkeep option", () => {
  it.each([
    ["2024-01-15", "2024-01-15T00:00:00.000Z"],
    ["2024/01/15", "2024-01-15T00:00:00.000Z"],
    ["2024-01-15T10:30:00", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15T10:30:00+02:00", "2024-01-15T08:30:00.000Z"],
    [new Date("2024-01-15T10:30:00Z"), "2024-01-15T10:30:00.000Z"],
  ])("is read in UTC, regardless of the host's time zone: %s", (value, instant) => {
    expect(checkedInstant("before", value)).toBe(instant);
  });

  it("includes the whole day if it is a date without a time and ends a range", () => {
    expect(checkedInstant("to", "2024-02-29", "end")).toBe("2024-03-01T00:00:00.000Z");
    expect(checkedInstant("to", "2024-02-29T00:00:00Z", "end")).toBe("2024-02-29T00:00:00.000Z");
  });

  it.each(["2024-02-30", "2023-02-29", "soon", "01/02/2024", "", new Date(Number.NaN)])(
    "is refused with the option's name if it is invalid: %s",
    (value) => {
      expect(() => checkedInstant("before", value)).toThrow(/^before: /);
      expect(() => checkedInstant("before", value)).toThrow(TypeError);
    },
  );

  it.each([undefined, null, 1_700_000_000_000, {}])("is a Date or a string, not %s", (value) => {
    expect(() => checkedInstant("before", value)).toThrow("it must be a Date or a string");
  });
});
