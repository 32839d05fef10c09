import { type ObligationId, type StoreHarness, storeTests } from "@evt/store-conformance";
import { describe, expect, it } from "vitest";
import { ableHarness } from "./able-store.js";
import { brokenStores } from "./broken/index.js";

/** The model explores the same sequences each time: what it is said to catch, it catches. */
const model = { seed: 20_26 };

async function failingNumbers(harness: StoreHarness): Promise<ReadonlySet<ObligationId>> {
  const failing = new Set<ObligationId>();
  for (const test of storeTests) {
    await test.run(harness).catch(() => failing.add(test.id));
  }
  return failing;
}

describe("a store that does one thing wrong fails the number it breaks", () => {
  it.each(brokenStores.map((store) => [store.fails[0], store.how, store] as const))(
    "%s fails where a store %s",
    async (_, __, { fails, broken, brokenReplay }) => {
      const failing = await failingNumbers({ ...ableHarness(broken, brokenReplay), model });
      expect([...failing].sort()).toEqual([...fails].sort());
    },
    60_000,
  );

  it("S5b fails where a store keeps nothing", async () => {
    const keepsNothing: StoreHarness = {
      model,
      create: async () => {
        const created = await ableHarness().create();
        return { ...created, reopen: async () => (await ableHarness().create()).store };
      },
    };
    expect([...(await failingNumbers(keepsNothing))]).toEqual(["S5b"]);
  });

  it("breaks every number of the seam once", () => {
    const broken = new Set(["S5b", "harness", "model", ...brokenStores.map(({ fails }) => fails[0])]);
    expect(storeTests.filter(({ id }) => !broken.has(id)).map(({ title }) => title)).toEqual([]);
  });

  it("is caught by the model wherever it shows in a sequence of calls", () => {
    const seen = brokenStores.filter(({ fails }) => fails.includes("model"));
    expect(seen.length).toBeGreaterThan(brokenStores.length / 2);
  });
});
