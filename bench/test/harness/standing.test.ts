import { describe, expect, test } from "vitest";
import { EVENTS_A_SECOND, type Row, type Unit } from "../../src/harness/contest.js";
import { standings } from "../../src/harness/standing.js";

const MS: Unit = { name: "ms", better: "less" };
const floor: Row = { name: "floor", unit: EVENTS_A_SECOND, comparisons: [] };

function product(unit: Unit, bar: number | null): Row {
  return { name: "product", unit, comparisons: [{ against: "floor", bar }] };
}

describe("standings", () => {
  test("have the median of the values and the median of the ratios", () => {
    const measurements = new Map([
      ["floor", [100, 50, 10]],
      ["product", [60, 40, 9]],
    ]);
    const [, line] = standings([floor, product(EVENTS_A_SECOND, 0.7)], measurements);
    expect(line).toEqual({
      row: "product",
      value: 40,
      unit: EVENTS_A_SECOND,
      against: "floor",
      ratio: 0.8,
      bar: 0.7,
      holds: true,
    });
  });

  test.each([
    { better: "more", unit: EVENTS_A_SECOND, ratio: 0.6, holds: true },
    { better: "more", unit: EVENTS_A_SECOND, ratio: 0.59, holds: false },
    { better: "less", unit: MS, ratio: 0.6, holds: true },
    { better: "less", unit: MS, ratio: 0.61, holds: false },
  ])("if $better is better, a ratio of $ratio for a bar of 0.6 gives $holds", ({ unit, ratio, holds }) => {
    const measurements = new Map([
      ["floor", [100]],
      ["product", [100 * ratio]],
    ]);
    const [, line] = standings([floor, product(unit, 0.6)], measurements);
    expect(line?.holds).toBe(holds);
  });

  test("a row without comparisons has one line without a result", () => {
    const [line] = standings([floor], new Map([["floor", [100]]]));
    expect(line).toMatchObject({ against: null, ratio: null, bar: null, holds: null });
  });

  test("a row with two comparisons has two lines", () => {
    const row: Row = {
      ...floor,
      comparisons: [
        { against: "a", bar: 1 },
        { against: "b", bar: null },
      ],
    };
    const measurements = new Map([
      ["floor", [6]],
      ["a", [3]],
      ["b", [2]],
    ]);
    const lines = standings([row], measurements);
    expect(lines.map(({ against, ratio, holds }) => [against, ratio, holds])).toEqual([
      ["a", 2, true],
      ["b", 3, null],
    ]);
  });

  test("a row that is compared with several is compared with the best of them in each round", () => {
    const row: Row = { ...floor, comparisons: [{ against: ["a", "b"], bar: 1 }] };
    const measurements = new Map([
      ["floor", [6, 6, 6]],
      ["a", [3, 6, 2]],
      ["b", [2, 1, 12]],
    ]);
    const [line] = standings([row], measurements);
    expect(line).toMatchObject({ against: "the best of a, b", ratio: 1, holds: true });
    const slowest = standings([{ ...row, unit: MS }], measurements)[0];
    expect(slowest).toMatchObject({ ratio: 3, holds: false });
  });

  test("a bar without another row applies to the value itself", () => {
    const row: Row = {
      name: "peak",
      unit: { name: "MB", better: "less" },
      comparisons: [{ against: null, bar: 200 }],
    };
    expect(standings([row], new Map([["peak", [199]]]))[0]).toMatchObject({ ratio: null, holds: true });
    expect(standings([row], new Map([["peak", [201]]]))[0]).toMatchObject({ ratio: null, holds: false });
  });

  test("a row without measurements is an error", () => {
    expect(() => standings([floor], new Map())).toThrow("floor was not measured");
  });
});
