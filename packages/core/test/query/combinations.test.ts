import { MemoryStore } from "@evt/store-memory";
import { describe, expect, it } from "vitest";
import { createEvt } from "../../src/create-evt.js";
import type { TotalsCombination } from "../../src/store.js";

/** Notes the combinations that it is asked to keep. */
class NotingStore extends MemoryStore {
  readonly kept: (readonly TotalsCombination[])[] = [];

  override keepTotals(...combinations: [] | [readonly TotalsCombination[]]): void {
    this.kept.push(...combinations);
  }
}

const mapping = { dimensions: { plan: "plan", region: "geo.region" } };
const mappings = { other: { dimensions: { metric: "kind" } } };

function kept(by: unknown): readonly (readonly TotalsCombination[])[] {
  const store = new NotingStore();
  createEvt({ store, mapping, mappings, totals: { by: by as string[][] } });
  return store.kept;
}

describe("totals.by", () => {
  it("asks the store once to keep each combination, with sorted dimensions", () => {
    const by = [
      ["region", "metric", "dimension.plan"],
      ["plan", "plan"],
      ["dimension.plan"],
      ["clientId", "plan"],
    ];
    expect(kept(by)).toEqual([
      [
        { byClientId: false, byMetric: true, byDimensions: ["plan", "region"] },
        { byClientId: false, byMetric: false, byDimensions: ["plan"] },
        { byClientId: true, byMetric: false, byDimensions: ["plan"] },
      ],
    ]);
  });

  it("may name a dimension of any mapping, and `dimension.metric` is not `metric`", () => {
    expect(kept([["metric", "dimension.metric"]])).toEqual([
      [{ byClientId: false, byMetric: true, byDimensions: ["metric"] }],
    ]);
  });

  it("does not call the store without a combination", () => {
    expect(kept([])).toEqual([]);
  });

  it.each([
    [[["metric"]], "totals.by[0] has no dimension; totals by clientId and metric are always kept"],
    [
      [["plan"], ["client", "plan"]],
      'totals.by[1] has "client", which no mapping declares; use clientId, metric and names of mapping.dimensions',
    ],
    [[["toString"]], 'totals.by[0] has "toString", which no mapping declares'],
    [["plan"], 'totals.by[0] is "plan"; it must be an array such as ["metric", "plan"]'],
    ["plan", 'totals.by is "plan"; it must be an array such as [["metric", "plan"]]'],
    [[[7]], "totals.by[0] has 7; it must have strings"],
  ])("refuses %j", (by, message) => {
    expect(() => kept(by)).toThrow(message);
    expect(() => kept(by)).toThrow(TypeError);
  });

  it("is refused if the store cannot keep totals", () => {
    const store = Object.assign(new MemoryStore(), { keepTotals: undefined });
    const options = { store: store as never, mapping, totals: { by: [["plan"]] } };
    expect(() => createEvt(options)).toThrow("totals.by needs a store with the method keepTotals");
  });
});
