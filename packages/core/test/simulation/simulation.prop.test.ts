import { describe, expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { fc, test } from "../properties.js";
import { plan } from "./plan.js";
import { simulate } from "./simulate.js";

describe("core against a store on which anything can fail at any time", () => {
  test.prop([plan], { numRuns: depth(300, 1_500) })(
    "loses nothing, counts nothing twice, responds in time and reports the truth",
    async (each) => void (await simulate(each)),
  );

  it("runs the same way twice from the same seed", async () => {
    const traces = async () => {
      const runs = fc.sample(plan, { seed: 42, numRuns: 50 }).map(simulate);
      return (await Promise.all(runs)).map(({ trace }) => trace);
    };
    const [first, second] = [await traces(), await traces()];
    expect(second).toEqual(first);
    expect(new Set(first.map((trace) => trace.join())).size).toBeGreaterThan(40);
  });

  it("runs the same way again from its plan alone, which is plain data", async () => {
    const plans = fc.sample(plan, { seed: 43, numRuns: 30 });
    const traces = async (some: typeof plans) =>
      (await Promise.all(some.map(simulate))).map(({ trace }) => trace);
    const first = await traces(plans);
    expect(await traces(plans)).toEqual(first);
    expect(await traces(structuredClone(plans))).toEqual(first);
  });

  it("opens breakers, and makes many store calls", async () => {
    const runs = await Promise.all(fc.sample(plan, { seed: 7, numRuns: 100 }).map(simulate));
    expect(runs.reduce((sum, { breakersOpened }) => sum + breakersOpened, 0)).toBeGreaterThan(20);
    expect(runs.reduce((sum, { storeCalls }) => sum + storeCalls, 0)).toBeGreaterThan(1_000);
  });
});
