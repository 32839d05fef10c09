import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonError, jsonError } from "../../../web/src/json/json-error.js";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON with a little damage: what typing leaves behind. */
const damaged = fc
  .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]:,"\\ntfe0-.'), fc.nat({ max: 2 }))
  .map(([json, at, char, removed]) => {
    const place = at % (json.length + 1);
    return json.slice(0, place) + char + json.slice(place + removed);
  });

describe("jsonError", () => {
  test("finds no error exactly where JSON.parse finds none", () => {
    const texts = fc.oneof(
      fc.json(),
      damaged,
      fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ \nu0123-.eEtrufalsn') }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(jsonError(text) === null).toBe(isJson(text));
      }),
      { numRuns: 5_000 },
    );
  });

  test("what stands before the error could be the beginning of JSON", () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const error = jsonError(text);
        if (error === null) return;
        const before = text.slice(0, indexOf(text, error));
        // cut there, the only fault it may have is to end too early
        const cut = jsonError(before);
        if (cut !== null) expect(indexOf(before, cut)).toBe(before.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

function indexOf(text: string, { line, column }: JsonError): number {
  const lines = text.split("\n").slice(0, line - 1);
  return lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}
