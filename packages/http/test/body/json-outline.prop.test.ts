import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText } from "../../../core/test/json/json-text.js";
import { outlineJson } from "../../src/body/json-outline.js";

const bounds = (depth: number) => ({ events: 1_000_000, depth, members: 1_000_000 });

describe("outlineJson", () => {
  it("splits any array into the sources of its elements as they were sent", () => {
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
