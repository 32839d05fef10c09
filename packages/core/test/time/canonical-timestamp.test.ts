import { describe, expect, it } from "vitest";
import {
  canonicalTimestamp,
  FIRST_TIMESTAMP_MS,
  LAST_TIMESTAMP_MS,
  timestampMs,
} from "../../src/time/canonical-timestamp.js";
import { fc, test } from "../properties.js";
import { epochMs } from "../time-arbitraries.js";

const micros = fc.integer({ min: 1, max: 999 });

describe("canonicalTimestamp", () => {
  test.prop([epochMs])("writes milliseconds as Date does", (ms) => {
    expect(canonicalTimestamp(ms)).toBe(new Date(ms).toISOString());
  });

  test.prop([epochMs, micros])("adds three decimals for microseconds", (ms, us) => {
    const decimals = String(us).padStart(3, "0");
    expect(canonicalTimestamp(ms, us)).toBe(new Date(ms).toISOString().replace("Z", `${decimals}Z`));
  });

  it("reaches from the year 0001 to the year 9999", () => {
    expect(canonicalTimestamp(FIRST_TIMESTAMP_MS)).toBe("0001-01-01T00:00:00.000Z");
    expect(canonicalTimestamp(LAST_TIMESTAMP_MS, 999)).toBe("9999-12-31T23:59:59.999999Z");
  });

  it.each([
    [FIRST_TIMESTAMP_MS - 1, 0],
    [LAST_TIMESTAMP_MS + 1, 0],
    [0.5, 0],
    [Number.NaN, 0],
    [0, -1],
    [0, 1000],
    [0, 0.5],
  ])("refuses %d ms and %d µs", (ms, us) => {
    expect(() => canonicalTimestamp(ms, us)).toThrow(RangeError);
  });
});

describe("timestampMs", () => {
  test.prop([epochMs, fc.oneof(fc.constant(0), micros)])(
    "reads it back, without the microseconds",
    (ms, us) => {
      expect(timestampMs(canonicalTimestamp(ms, us))).toBe(ms);
    },
  );
});
