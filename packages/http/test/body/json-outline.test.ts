import { describe, expect, it } from "vitest";
import { outlineJson } from "../../src/body/json-outline.js";

function outlined(text: string, depth = 64) {
  return outlineJson(text, { events: 10, depth, members: 5 });
}

describe("outlineJson", () => {
  it("yields the source of each element of an array, without the space around it", () => {
    const text = ' [ {"a" : [1, 2]} ,\n"x,]\\"[" ,3.50\t,[] ] ';
    const { isArray, sources } = outlined(text);
    expect(isArray).toBe(true);
    expect(sources).toEqual(['{"a" : [1, 2]}', '"x,]\\"["', "3.50", "[]"]);
  });

  it("yields the source of a value that is no array", () => {
    expect(outlined(' {"a":[1,2]}\n')).toMatchObject({ isArray: false, sources: ['{"a":[1,2]}'] });
    expect(outlined("  ")).toMatchObject({ isArray: false, sources: [] });
    expect(outlined(" [ ] ")).toMatchObject({ isArray: true, sources: [] });
  });

  it.each([
    ["[1]", true],
    [" [ 1 , 2 ] \n", true],
    ["[]", true],
    ["{}x", true],
    ["[1]x", false],
    ["[1]\u00a0", false],
    ["[1}", false],
    ["[1", false],
    ["[", false],
    ["[1]]", false],
    [" ", false],
  ])("tells whether only white space stands around the sources of %j", (text, isFramed) => {
    expect(outlined(text)).toMatchObject({ isFramed });
  });

  it("tells where each source begins", () => {
    expect(outlined(' [ {"a":1} ,\n2,[] ] ').begins).toEqual([3, 13, 15]);
    expect(outlined(" {} ").begins).toEqual([1]);
  });

  it("tells in which sources a double would lose digits, and is not misled by texts", () => {
    const text =
      '[{"a":1},{"a":9007199254740993},{"a":"9007199254740993"},{"a":[1e400]},{"a":0.30000000000000004}]';
    expect([...outlined(text).delicate]).toEqual([1, 3]);
    expect([...outlined('{"a":1e400}').delicate]).toEqual([0]);
  });

  it("tells in which sources a key is written with escapes, and is not misled by texts", () => {
    const text = '[{"a":"\\u0061"},{"\\u0061" \n: 1},{"a":["\\":"]},{"a":{"\\"":0}},"\\":"]';
    expect([...outlined(text).delicate]).toEqual([1, 3]);
  });

  it("refuses what is nested deeper, counted from the element of an array", () => {
    expect(() => outlined("[[[]]]", 2)).not.toThrow();
    expect(() => outlined("[[[[]]]]", 2)).toThrow("nested more than 2 deep");
    expect(() => outlined('{"a":{}}', 2)).not.toThrow();
    expect(() => outlined('{"a":{"b":{}}}', 2)).toThrow("nested more than 2 deep");
  });

  it.each(['["', '"\\', "]]]]", "[1,2", "}{", '{"a":"\\"', "[,,]", "-", "[--1e+-.]"])(
    "survives %j, which is no JSON",
    (text) => {
      expect(() => outlined(text)).not.toThrow();
    },
  );
});
