import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonText } from "../../../core/test/json/json-text.js";
import { outlineJson } from "../../src/body/json-outline.js";
import { requireShallow } from "../../src/body/nesting.js";

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

  it("counts the members that a count of the parsed events finds", () => {
    // a key with escapes or a repeated key is parsed in another way, so keys are simple and unique
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("1", '","', '"[{"', "[]", "{ }", "[ \n]", "null"),
        fc.array(tie("value"), { maxLength: 4 }).map((items) => `[ ${items.join(" ,")}]`),
        fc
          .array(tie("value"), { maxLength: 4 })
          .map((items) => `{\t${items.map((item, i) => `"${i}" :${item}`).join(", ")} }`),
      ),
    })).value as fc.Arbitrary<string>;
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), fc.boolean(), fc.nat(12), (events, asOne, members) => {
        const text = `[${events.join(", ")}]`;
        const limits = { events: 1_000_000, depth: 1_000, members };
        const parsed = JSON.parse(text) as unknown[];
        const isRefused = (check: () => unknown): unknown => {
          try {
            check();
          } catch (problem) {
            return problem;
          }
          return undefined;
        };
        expect(isRefused(() => outlineJson(text, limits, asOne))).toEqual(
          isRefused(() => requireShallow(asOne ? [parsed] : parsed, limits)),
        );
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
