import { describe, expect, it } from "vitest";
import { InexactNumber } from "../../src/inexact-number.js";
import { NotJson, readJson, whyNotJson } from "../../src/json/json-reader.js";

describe("readJson", () => {
  it("keeps a number with too many digits as it was written", () => {
    expect(readJson('{"a":[9007199254740993,1e400,0.5]}')).toEqual({
      a: [new InexactNumber("9007199254740993"), new InexactNumber("1e400"), 0.5],
    });
  });

  it("takes the last of equal keys, at the place of the first, and `__proto__` for a member", () => {
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
    ["", 0, "the text ends, where JSON has a value"],
    ["[1,]", 3, 'there is "]", where JSON has a value'],
    ["[1 2]", 3, "there is \"2\", where JSON has ',' or ']'"],
    ['{"a" 1}', 5, "there is \"1\", where JSON has ':'"],
    ["{a:1}", 1, 'there is "a", where JSON has a key in double quotes'],
    ['{"a":1,}', 7, 'there is "}", where JSON has a key in double quotes'],
    ["[1}", 2, "there is \"}\", where JSON has ',' or ']'"],
    ["01", 1, 'there is "1", where JSON has the end of the text'],
    ["1.", 2, "the text ends, where JSON has a digit"],
    ["-x", 1, 'there is "x", where JSON has a digit'],
    ['"a', 2, "the text ends, where JSON has a character of a string, or '\"'"],
    ['"a\n"', 2, 'there is "\\n", where JSON has a character of a string, or \'"\''],
    ['"\\x"', 1, '"\\\\x" begins no escape'],
    ['"\\u12"', 1, '"\\\\u" begins no escape'],
    ["\u{1f600}", 0, 'there is "\u{1f600}", where JSON has a value'],
    ["\u00a0{}", 0, 'there is "\u00a0", where JSON has a value'],
  ])("says where %j breaks", (text, offset, message) => {
    expect(() => readJson(text)).toThrow(expect.objectContaining({ offset, message }));
  });
});

describe("whyNotJson", () => {
  it("is undefined of JSON", () => {
    expect(whyNotJson('{"a":[1]}')).toBeUndefined();
  });

  it.each([
    ["[1,tru]", 3, 3],
    ["[1, 2x]", 3, 5],
    ["[1,]", 3, 3],
    ["[1,2}", 3, 4],
    ["[1,2]x", 3, 5],
    ["[1,2", 3, 4],
  ])("of %j, read from its element at %i, has the place in the whole text", (text, elementAt, offset) => {
    expect(whyNotJson(text, elementAt)).toEqual(whyNotJson(text));
    expect(whyNotJson(text, elementAt)).toMatchObject({ offset });
  });
});
