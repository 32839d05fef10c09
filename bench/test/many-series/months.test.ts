import { expect, test } from "vitest";
import { monthsBefore } from "../../src/many-series/months.js";

const iso = ({ startMs, endMs }: { startMs: number; endMs: number }) =>
  [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(0, 10));

test("both months have ended, also on the first of January", () => {
  const { stored, next, year, nowMs } = monthsBefore(new Date("2026-01-01T00:00:00Z"));
  expect(iso(stored)).toEqual(["2025-11-01", "2025-12-01"]);
  expect(iso(next)).toEqual(["2025-12-01", "2026-01-01"]);
  expect(nowMs).toBe(Date.parse("2025-12-03T00:00:00Z"));
  expect(iso(year)).toEqual(["2025-01-01", "2026-01-01"]);
});
