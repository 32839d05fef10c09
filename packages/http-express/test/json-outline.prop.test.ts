import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText } from "../../core/test/json/json-text.js";
import { isExact, outlineJson } from "../src/json-outline.js";

const bounds = (depth: number) => ({ events: 1_000_000, depth, members: 1_000_000 });

describe("outlineJson", () => {
  it("cuts any array into the texts of its elements as they were sent", () => {
    fc.assert(
      fc.property(fc.array(jsonText), fc.constantFrom("", " ", "\n\t\r "), (elements, space) => {
        const text = `${space}[${elements.map((element) => space + element + space).join(",")}]${space}`;
        const { isArray, sources } = outlineJson(text, bounds(1_000));
        expect(isArray).toBe(true);
        expect(sources).toEqual(elements);
      }),
    );
  });

  it("finds the depth that a recursive walk finds", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 6 }).filter((text) => !text.startsWith("[")),
        (text) => {
          const depth = depthOf(JSON.parse(text));
          expect(() => outlineJson(text, bounds(depth))).not.toThrow();
          if (depth > 0) expect(() => outlineJson(text, bounds(depth - 1))).toThrow();
        },
      ),
    );
  });
});

describe("isExact", () => {
  const digits = fc.stringMatching(/^(0|[1-9]\d{0,24})(\.\d{1,24})?([eE][-+]?\d{1,3})?$/);

  it("is true exactly where the double, printed, has the same digits, and is no integer past 2^53", () => {
    fc.assert(
      fc.property(digits, (text) => {
        const double = Number(text);
        const same = normal(String(double)) === normal(text);
        const tooLarge =
          Number.isInteger(double) && !Number.isSafeInteger(double) && !/^\d{1,15}$/.test(text);
        expect(isExact(text)).toBe(same && !tooLarge);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Significant digits and exponent of a decimal: equal texts for equal numbers. */
function normal(text: string): string {
  const [, whole = "", fraction = "", exponent = "0"] =
    /^(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const padded = (whole + fraction).replace(/^0+/, "");
  const significant = padded.replace(/0+$/, "");
  if (significant === "") return whole === "" ? text : "0";
  return `${significant}e${Number(exponent) - fraction.length + padded.length - significant.length}`;
}
