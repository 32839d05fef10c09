import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sortable } from "../src/instant.js";

const millisecond = fc
  .date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  })
  .map((date) => date.toISOString());

/** An instant as a string, and as a number of microseconds. */
const instant = fc.tuple(millisecond, fc.nat({ max: 999 })).map(([text, micros]) => ({
  text: micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, "0")}Z`,
  order: BigInt(Date.parse(text)) * 1_000n + BigInt(micros),
}));

describe("sortable", () => {
  it("returns strings that sort by time", () => {
    fc.assert(
      fc.property(instant, instant, (left, right) => {
        expect(sortable(left.text) < sortable(right.text)).toBe(left.order < right.order);
        expect(sortable(left.text) === sortable(right.text)).toBe(left.order === right.order);
      }),
    );
  });

  it("sorts a microsecond after its millisecond, unlike the unpadded strings", () => {
    const [millisecond, microsecond] = ["2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00.000001Z"];
    expect(microsecond < millisecond).toBe(true);
    expect(sortable(microsecond) > sortable(millisecond)).toBe(true);
  });
});
