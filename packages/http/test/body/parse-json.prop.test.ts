import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJson, jsonText, mutatedJson } from "../../../core/test/json/json-text.js";
import { parseJson } from "../../src/body/parse-json.js";

const limits = { events: 1_000_000, depth: 1_000, members: 1_000_000 };
const space = fc.constantFrom("", " ", "\n\t\r ");

/** An array, or almost one. */
const arrays = fc
  .tuple(
    fc.array(fc.oneof(jsonText, mutatedJson)),
    space,
    fc.constantFrom("]", "}", "", "]]", "]x", "],", "]\u00a0"),
  )
  .map(([elements, gap, end]) => `${gap}[${elements.map((each) => gap + each + gap).join(",")}${end}${gap}`);

/** The values, or the message of the problem. */
async function parsed(text: string, parsedAtOnce: number): Promise<unknown> {
  try {
    const { isArray, values } = await parseJson(text, limits, () => undefined, parsedAtOnce);
    return { isArray, values };
  } catch (error) {
    return (error as Error).message;
  }
}

describe("parseJson", () => {
  it("refuses exactly what JSON.parse refuses, with the position", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutatedJson, arrays), async (text) => {
        const result = await parsed(text, Number.POSITIVE_INFINITY);
        if (isJson(text)) expect(result).toMatchObject({ values: expect.any(Array) });
        else expect(result).toMatch(/^body is not JSON: .*, at line \d+, column \d+$/s);
      }),
      { numRuns: 2_000 },
    );
  });

  it("returns the same values in one piece and event by event", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(mutatedJson, arrays), async (text) => {
        expect(await parsed(text, 0)).toStrictEqual(await parsed(text, Number.POSITIVE_INFINITY));
      }),
      { numRuns: 3_000 },
    );
  });
});
