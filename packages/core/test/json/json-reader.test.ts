import { describe, expect, it } from "vitest";
import { InexactNumber } from "../../src/inexact-number.js";
import { NotJson, readJson, whyNotJson } from "../../src/json/json-reader.js";

describe("readJson", () => {
  it("keeps a number with too many digits as written", () => {
    expect(readJson('{"a":[9007199254740993,1e400,0.5]}')).toEqual({
      a: [new InexactNumber("9007199254740993"), new InexactNumber("1e400"), 0.5],
    });
  });

  it("uses the last of equal keys, at the place of the first, and reads `__proto__` as a member", () => {
    const value = readJson('{"a":1,"__proto__":2,"\\u0061":3,"b":4}') as object;
    expect(Object.entries(value)).toEqual([
      ["a", 3],
      ["__proto__", 2],
      ["b", 4],
    ]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("does not recurse", () => {
    const depth = 1_000_000;
    expect(() => readJson("[".repeat(depth) + "]".repeat(depth))).not.toThrow();
    expect(() => readJson('{"a":'.repeat(depth))).toThrow(NotJson);
  });

  it.each([
    ["", 0, "unexpected end of the text; expected a value"],
    ["[1,]", 3, 'unexpected "]"; expected a value'],
    ["[1 2]", 3, "unexpected \"2\"; expected ',' or ']'"],
    ['{"a" 1}', 5, "unexpected \"1\"; expected ':'"],
    ["{a:1}", 1, 'unexpected "a"; expected a key in double quotes'],
    ['{"a":1,}', 7, 'unexpected "}"; expected a key in double quotes'],
    ["[1}", 2, "unexpected \"}\"; expected ',' or ']'"],
    ["01", 1, 'unexpected "1"; expected the end of the text'],
    ["1.", 2, "unexpected end of the text; expected a digit"],
    ["-x", 1, 'unexpected "x"; expected a digit'],
    ['"a', 2, "unexpected end of the text; expected a character of a string, or '\"'"],
    ['"a\n"', 2, 'unexpected "\\n"; expected a character of a string, or \'"\''],
    ['"\\x"', 1, '"\\\\x" is not an escape'],
    ['"\\u12"', 1, '"\\\\u" is not an escape'],
    [
      "NaN",
      0,
      'unexpected "N"; expected a value; JSON has no NaN and no Infinity, so send null, or leave the member out',
    ],
    [
      "[-Infinity]",
      2,
      'unexpected "I"; expected a digit; JSON has no NaN and no Infinity, so send null, or leave the member out',
    ],
    ["[1,undefined]", 3, 'unexpected "u"; expected a value; send null, or leave the member out'],
    ["True", 0, 'unexpected "T"; expected a value; send true or false in lower case'],
    ["'a'", 0, 'unexpected "\'"; expected a value; put strings in double quotes'],
    ["\u{1f600}", 0, 'unexpected "\u{1f600}"; expected a value'],
    ["\u00a0{}", 0, 'unexpected "\u00a0"; expected a value'],
  ])("returns the position of the error in %j", (text, offset, message) => {
    expect(() => readJson(text)).toThrow(expect.objectContaining({ offset, message }));
  });
});

describe("whyNotJson", () => {
  it("is undefined for JSON", () => {
    expect(whyNotJson('{"a":[1]}')).toBeUndefined();
  });

  it.each([
    ["[1,tru]", 3, 3],
    ["[1, 2x]", 3, 5],
    ["[1,]", 3, 3],
    ["[1,2}", 3, 4],
    ["[1,2]x", 3, 5],
    ["[1,2", 3, 4],
  ])("of %j, read from its element at %i, has the position in the whole text", (text, elementAt, offset) => {
    expect(whyNotJson(text, elementAt)).toEqual(whyNotJson(text));
    expect(whyNotJson(text, elementAt)).toMatchObject({ offset });
  });
});
