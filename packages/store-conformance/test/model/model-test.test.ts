import { storeTests } from "@evt/store-conformance";
import { describe, expect, it } from "vitest";
import { ableHarness, altered } from "../able-store.js";
import { isTaken, withOutcomes } from "../broken/broken-store.js";

const model = storeTests.filter(({ id }) => id === "model");

/** Returns the model test's failure message for a store that omits the events of holders. */
async function complaint(options: { seed: number; path?: string; runs?: number }): Promise<string> {
  const broken = ableHarness((store) =>
    withOutcomes(store, (outcome) => (isTaken(outcome) ? { ...outcome, event: null } : outcome)),
  );
  const [test] = model;
  return (
    test?.run({ ...broken, model: options }).then(
      () => "",
      (error: Error) => error.message,
    ) ?? ""
  );
}

describe("the model test", () => {
  it("names the seed and the path, and prints the shrunk commands on one line each", async () => {
    const message = await complaint({ seed: 7 });
    expect(message).toMatch(/repeat with model: \{ seed: 7, path: "[\d:]+" \}/);
    expect(message).toContain('1. {"do":"insert"');
    expect(message).toContain("the outcomes of an insert");
    expect(message).toMatch(/^\+ +event: null/m);
    expect(message.match(/^ +\d+\. /gm)?.length).toBeLessThanOrEqual(4);
  });

  it("runs the same commands again with the seed and the path", async () => {
    const message = await complaint({ seed: 7 });
    const [, path = ""] = /path: "([\d:]+)"/.exec(message) ?? [];
    const commands = (text: string) => text.split("\n").filter((line) => /^ +\d+\. |^contents/.test(line));
    expect(commands(await complaint({ seed: 7, path }))).toEqual(commands(message));
  });

  it("runs the given number of sequences, each in its own tenants", async () => {
    const tenants = new Set<string>();
    const noting = ableHarness((store) =>
      altered(store, {
        get: (tenantId, ids, call) => {
          tenants.add(tenantId);
          return store.get(tenantId, ids, call);
        },
      }),
    );
    await model[0]?.run({ ...noting, model: { runs: 3 } });
    expect(tenants.size).toBe(2 * 3);
  });
});
