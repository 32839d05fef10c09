import { describe, expect, test } from "vitest";
import { jsonError } from "../../../web/src/json/json-error.js";

describe("jsonError", () => {
  test.each([
    ['{\n  "a": 1,\n  oops\n}', 3, 3, 'expected a name in double quotes, found "o"'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'expected , or }, found "\\""'],
    ['{ "a" 1 }', 1, 7, 'expected : after the name, found "1"'],
    ['{ "a": 1, }', 1, 11, 'expected a name in double quotes, found "}"'],
    ["[1, 2,]", 1, 7, 'expected a value, found "]"'],
    ["[1 2]", 1, 4, 'expected , or ], found "2"'],
    ["{} {}", 1, 4, 'expected the end of the text, found "{"'],
    ['{"a": 1', 1, 8, "the text ends before an object is closed with }"],
    ["[1", 1, 3, "the text ends before an array is closed with ]"],
    ["", 1, 1, "there is nothing here yet"],
    ['{"a": "x\ny"}', 1, 7, "expected a value, found a text that is not closed, or holds a bad escape"],
    ['{"a": .5}', 1, 7, 'expected a value, found "."'],
  ])("%j has its error in line %i, column %i", (text, line, column, message) => {
    expect(jsonError(text)).toEqual({ line, column, message });
  });

  test("a nesting of 200,000 is no danger", () => {
    expect(jsonError("[".repeat(200_000) + "]".repeat(200_000))).toBeNull();
    expect(jsonError("[".repeat(200_000))).toMatchObject({ column: 200_001 });
  });
});
