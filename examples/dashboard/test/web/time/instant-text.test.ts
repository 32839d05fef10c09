import { describe, expect, test } from "vitest";
import { absoluteText, shortText } from "../../../web/src/time/instant-text.js";

const now = Date.parse("2026-11-24T12:00:00.000Z");

describe("shortText", () => {
  test.each([
    ["2026-11-24T11:59:58.000Z", "now"],
    ["2026-11-24T11:59:30.000Z", "30s ago"],
    ["2026-11-24T11:45:00.000Z", "15m ago"],
    ["2026-11-24T09:00:00.000Z", "3h ago"],
    ["2026-11-23T12:00:00.000Z", "2026-11-23 12:00"],
    ["2001-01-01T00:47:00.000Z", "2001-01-01 00:47"],
    ["2026-11-24T12:05:00.000Z", "in 5m"],
  ])("%s is %s", (iso, text) => {
    expect(shortText(iso, now)).toBe(text);
  });
});

describe("absoluteText", () => {
  test("keeps microseconds, and drops trailing zeros", () => {
    expect(absoluteText("2024-02-29T23:59:59.999999Z")).toBe("2024-02-29 23:59:59.999999 UTC");
    expect(absoluteText("2024-01-15T10:30:00.000Z")).toBe("2024-01-15 10:30:00 UTC");
  });
});
