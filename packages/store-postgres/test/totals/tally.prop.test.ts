import type { EventRecord } from "@evt/core";
import { DecimalFold } from "@evt/core/store";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { talliesOf } from "../../src/totals/tally.js";
import { recordOf } from "../records.js";

const digits = (most: number) => fc.stringMatching(new RegExp(`^(0|[1-9][0-9]{0,${most - 1}})$`));
const places = (most: number) => fc.stringMatching(new RegExp(`^[0-9]{0,${most - 1}}[1-9]$`));
const size = fc.oneof(
  digits(4),
  digits(16),
  digits(38),
  fc.tuple(digits(5), places(2)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(digits(20), places(18)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(digits(9), places(7)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom("9007199254.740991", "9007199254.740992", "9007199254740991", "999999999.999999"),
);
const amount = fc
  .tuple(fc.boolean(), size)
  .map(([negative, text]) => (negative && text !== "0" ? `-${text}` : text));
const sent = fc.record({
  tenantId: fc.constantFrom("a", "b"),
  clientId: fc.constantFrom("c", "d", "__proto__"),
  metric: fc.constantFrom("m", "n"),
  timestamp: fc.constantFrom(
    "2026-03-01T12:00:00.000Z",
    "2026-03-01T12:14:59.999999Z",
    "2026-03-01T12:15:00.000Z",
    "1969-12-31T23:59:59.999999Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999999Z",
  ),
  amount,
});

/** Merges the cells of one group into one, in canonical decimals, with the plain fold. */
function expected(records: readonly EventRecord[]): Map<string, DecimalFold> {
  const folds = new Map<string, DecimalFold>();
  for (const { tenantId, clientId, metric, timestamp, amount } of records) {
    const ms = Date.parse(`${timestamp.slice(0, 23)}Z`);
    const quarter = new Date(Math.floor(ms / 900_000) * 900_000).toISOString();
    const key = JSON.stringify([tenantId, clientId, metric, quarter]);
    const fold = folds.get(key) ?? new DecimalFold();
    folds.set(key, fold.add(amount));
  }
  return folds;
}

/** Returns the sum of canonical amounts as a canonical amount. */
function sumOf(sums: readonly string[]): string {
  return sums.reduce((fold, sum) => fold.add(sum), new DecimalFold()).sum;
}

describe("the tallies of an insert", () => {
  it("equal the fold over its events to the last digit, for any amounts", () => {
    fc.assert(
      fc.property(fc.array(sent, { minLength: 1, maxLength: 60, size: "max" }), (events) => {
        const records = events.map((event) => recordOf(event));
        const folds = expected(records);
        const cells = talliesOf(records).flatMap(({ tenantId, cells }) =>
          cells.map((cell) => ({ tenantId, ...cell })),
        );
        const keyOf = ({ tenantId, clientId, metric, quarter }: (typeof cells)[number]) =>
          JSON.stringify([tenantId, clientId, metric, quarter]);
        expect(new Set(cells.map(keyOf))).toEqual(new Set(folds.keys()));
        for (const [key, fold] of folds) {
          const some = cells.filter((cell) => keyOf(cell) === key);
          expect(some.length).toBeLessThanOrEqual(2);
          expect(some.reduce((count, cell) => count + cell.count, 0)).toBe(fold.count);
          expect(sumOf(some.map(({ sum }) => sum))).toBe(fold.sum);
          const ends = new DecimalFold();
          for (const { min, max } of some) ends.add(min).add(max);
          expect([ends.min, ends.max]).toEqual([fold.min, fold.max]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("have a cell for each unit and each value of their dimensions", () => {
    const of = (unit: string | null, dimensions: Record<string, string> | null) =>
      recordOf({ unit, dimensions });
    const records = [
      of(null, null),
      of(null, { plan: "a", other: "x" }),
      of(null, { plan: "a", other: "y" }),
      of("EUR", { plan: "a" }),
      of("a", null),
      of(null, { region: "a" }),
      of(null, { other: "a" }),
    ];
    const cells = talliesOf(records, ["constructor", "plan", "region"]).flatMap((tally) => tally.cells);
    expect(cells.map(({ unit, dimensions, count }) => [unit, dimensions, count])).toEqual([
      [null, null, 2],
      [null, '[null,"a",null]', 2],
      ["EUR", '[null,"a",null]', 1],
      ["a", null, 1],
      [null, '[null,null,"a"]', 1],
    ]);
    expect(
      talliesOf(records)
        .flatMap((tally) => tally.cells)
        .map(({ count }) => count),
    ).toEqual([5, 1, 1]);
  });

  it("have one tally for each tenant", () => {
    const records = ["a", "b", "a"].map((tenantId) => recordOf({ tenantId }));
    expect(
      talliesOf(records).map(({ tenantId, cells }) => [tenantId, cells.map(({ count }) => count)]),
    ).toEqual([
      ["a", [2]],
      ["b", [1]],
    ]);
  });

  it("are empty without events", () => {
    expect(talliesOf([])).toEqual([]);
  });
});
