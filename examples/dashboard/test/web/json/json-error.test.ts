import { describe, expect, test } from "vitest";
import { jsonError } from "../../../web/src/json/json-error.js";

describe("jsonError", () => {
  test("is null for JSON", () => {
    expect(jsonError('{"a": [1, "x"]}')).toBeNull();
  });

  test.each([
    ['{\n  "a": 1,\n  oops\n}', 3, 3, 'unexpected "o"; expected a key in double quotes'],
    ['{"a": 1', 1, 8, "unexpected end of the text; expected ',' or '}'"],
    ["", 1, 1, "there is nothing here yet"],
    [" \n ", 2, 2, "there is nothing here yet"],
  ])("%j has its error in line %i, column %i", (text, line, column, message) => {
    expect(jsonError(text)).toEqual({ line, column, message });
  });
});
