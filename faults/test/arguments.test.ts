import { describe, expect, it } from "vitest";
import { FAULTS } from "../src/faults/index.js";
import { argumentsFrom } from "../src/harness/arguments.js";
import { randomFrom } from "../src/harness/random.js";
import { holds, jsonLine } from "../src/harness/report.js";
import { Tally } from "../src/harness/tally.js";

const names = FAULTS.map(({ name }) => name);

describe("npm run faults", () => {
  it("accepts names in any case, rounds and a seed, and refuses unknown arguments", () => {
    expect(argumentsFrom(["f7", "F19", "--rounds", "3", "--seed", "5", "--json"], names, 1)).toMatchObject({
      names: ["F7", "F19"],
      rounds: 3,
      seed: 5,
      json: true,
    });
    expect(argumentsFrom([], names, 9)).toMatchObject({
      names: [],
      rounds: undefined,
      seed: 9,
      short: false,
    });
    expect(() => argumentsFrom(["F99"], names, 1)).toThrow("there is no fault F99; the faults are: F1 F2");
    expect(() => argumentsFrom(["--rounds", "0"], names, 1)).toThrow("at least 1");
    expect(() => argumentsFrom(["--nonsense"], names, 1)).toThrow("--nonsense");
  });

  it("has each fault once", () => {
    const matrix = [...Array(13).keys()]
      .map((i) => i + 1)
      .concat(
        15,
        17,
        18,
        19,
        20,
        21,
        22,
        23,
        24,
        25,
        26,
        27,
        28,
        29,
        33,
        35,
        36,
        37,
        38,
        39,
        40,
        41,
        42,
        43,
        44,
      );
    expect(names).toEqual(matrix.map((number) => `F${number}`));
  });

  it("prints one JSON object per line", () => {
    const result = { name: "F1", title: "", rounds: 2, seed: 3, figures: new Tally().figures() };
    expect(JSON.parse(jsonLine(result))).toMatchObject({
      fault: "F1",
      rounds: 2,
      seed: 3,
      lost: 0,
      totalsExact: true,
    });
  });

  it.each(["lost", "twice", "unexpected"])("fails if an event was %s", (what) => {
    const figures = new Tally().figures();
    const result = { name: "F1", title: "", rounds: 1, seed: 1, figures };
    expect(holds(result)).toBe(true);
    expect(holds({ ...result, figures: { ...figures, [what]: 1 } })).toBe(false);
    expect(holds({ ...result, figures: { ...figures, totalsExact: false } })).toBe(false);
    expect(holds({ ...result, figures: { ...figures, failures: ["so"] } })).toBe(false);
  });

  it("returns the same random numbers for the same seed", () => {
    const drawn = (seed: number) => Array.from({ length: 5 }, randomFrom(seed));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});
