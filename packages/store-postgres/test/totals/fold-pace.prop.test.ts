import { EvtError } from "@evt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FoldPace } from "../../src/totals/fold-pace.js";

const refused = (places: string, tallies: number, cells: number) => ({
  outcome: "failed" as const,
  error: new EvtError("EVT_RECORD_REFUSED", "an index row is too long"),
  places,
  tallies,
  cells,
});

/** Folds tallies with these numbers of cells as the store does, and returns the number of slices. */
function foldedOver(
  tallies: readonly number[],
  poison: ReadonlySet<number>,
): { left: Set<number>; tried: number } {
  const pace = new FoldPace(5_000);
  const left = new Set(tallies.keys());
  for (let tried = 1; ; tried++) {
    const { cells, skipped } = pace.next;
    const candidates = [...left].filter((tally) => !skipped.includes(String(tally)));
    if (candidates.length === 0 || tried > 10_000) return { left, tried };
    const chosen: number[] = [];
    let sum = 0;
    for (const tally of candidates) {
      if (chosen.length > 0 && sum + (tallies[tally] ?? 0) > cells) break;
      sum += tallies[tally] ?? 0;
      chosen.push(tally);
    }
    if (chosen.some((tally) => poison.has(tally))) pace.failed(refused(chosen.join(" "), chosen.length, sum));
    else {
      for (const tally of chosen) left.delete(tally);
      pace.took(10, chosen.length === candidates.length);
    }
  }
}

describe("the pace of folding", () => {
  it("folds everything except the refused tallies, in only a few more slices", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 5 }), (tallies, picks) => {
        const poison = new Set(picks.map((pick) => pick % tallies.length));
        const { left, tried } = foldedOver(tallies, poison);
        expect(left).toEqual(poison);
        expect(tried).toBeLessThan(300 + 200 * poison.size);
      }),
    );
  });

  it("shrinks after a slow slice or a failure, and grows after a fast slice that left tallies", () => {
    const pace = new FoldPace(30_000);
    pace.took(301, false);
    expect(pace.next.cells).toBe(15_000);
    pace.took(301, false);
    expect(pace.next.cells).toBe(10_000);
    pace.took(301, false);
    expect(pace.next.cells).toBe(10_000);
    for (let n = 0; n < 3; n++) pace.shrink();
    expect(pace.next.cells).toBe(1_250);
    pace.took(100, true);
    pace.took(120, false);
    pace.took(300, false);
    expect(pace.next.cells).toBe(1_250);
    pace.took(100, false);
    expect(pace.next.cells).toBe(2_500);
    for (let n = 0; n < 10; n++) pace.took(100, false);
    expect(pace.next.cells).toBe(50_000);
    for (let n = 0; n < 30; n++) pace.shrink();
    expect(pace.next.cells).toBe(1);
  });

  it("skips a single tally only if Postgres refuses its content", () => {
    const pace = new FoldPace();
    const error = new EvtError("EVT_STORE_UNAVAILABLE", "query canceled");
    expect(pace.failed({ ...refused("(0,1)", 1, 5), error })).toBe("failed");
    expect(pace.next.skipped).toEqual([]);
    expect(pace.failed(refused("(0,1) (0,2)", 2, 5))).toBe("narrowed");
    expect(pace.failed(refused("(0,1)", 1, 5))).toBe("skipped");
    expect(pace.next.skipped).toEqual(["(0,1)"]);
    pace.forget();
    expect(pace.next.skipped).toEqual([]);
  });

  it("skips at most a hundred tallies", () => {
    const pace = new FoldPace();
    for (let n = 0; n < 101; n++) pace.failed(refused(`(0,${n})`, 1, 1));
    expect(pace.next.skipped).toEqual(["(0,100)"]);
  });
});
