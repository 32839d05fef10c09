import type { Store } from "@evt/core/store";
import { describeStore } from "@evt/store-conformance/vitest";
import { expect, it } from "vitest";
import { ableHarness } from "./able-store.js";

describeStore("a memory store to which every test applies", ableHarness());

const METHODS = {
  insert: true,
  park: true,
  holders: true,
  get: true,
  list: true,
  aggregate: true,
  names: true,
  ping: true,
  close: true,
} as const satisfies Record<Exclude<keyof Store, "keepTotals">, true>;

it("a store has the nine methods that the documents list", () => {
  expect(Object.keys(METHODS)).toHaveLength(9);
});

describeStore("a store with these nine methods and no others", {
  create: async () => {
    const { replay: _, ...created } = await ableHarness().create();
    expect(Object.keys(created.store).sort()).toEqual(Object.keys(METHODS).sort());
    return created;
  },
  without: { replay: "has no methods for it" },
  model: { runs: 5 },
});
