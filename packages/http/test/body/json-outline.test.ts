import { describe, expect, it } from "vitest";
import { outlineJson } from "../../src/body/json-outline.js";

function outlined(text: string, depth = 64) {
  return outlineJson(text, { events: 10, depth, members: 5 });
}

describe("outlineJson", () => {
  it("returns the source of each element of an array, without surrounding white space", () => {
    const text = ' [ {"a" : [1, 2]} ,\n"x,]\\"[" ,3.50\t,[] ] ';
    const { isArray, sources } = outlined(text);
    expect(isArray).toBe(true);
    expect(sources).toEqual(['{"a" : [1, 2]}', '"x,]\\"["', "3.50", "[]"]);
  });

  it("returns the source of a value that is not an array", () => {
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
  ])("tells whether only white space surrounds the sources of %j", (text, isFramed) => {
    expect(outlined(text)).toMatchObject({ isFramed });
  });

  it("returns the offset of each source", () => {
    expect(outlined(' [ {"a":1} ,\n2,[] ] ').begins).toEqual([3, 13, 15]);
    expect(outlined(" {} ").begins).toEqual([1]);
  });

  it("marks sources whose digits a double would lose, and ignores strings", () => {
    const text =
      '[{"a":1},{"a":9007199254740993},{"a":"9007199254740993"},{"a":[1e400]},{"a":0.30000000000000004}]';
    expect([...outlined(text).exactSources]).toEqual([1, 3]);
    expect([...outlined('{"a":1e400}').exactSources]).toEqual([0]);
  });

  it("marks sources that have a key with escapes, and ignores other strings", () => {
    const text = '[{"a":"\\u0061"},{"\\u0061" \n: 1},{"a":["\\":"]},{"a":{"\\"":0}},"\\":"]';
    expect([...outlined(text).exactSources]).toEqual([1, 3]);
  });

  it("refuses deeper nesting, counted from the element of an array", () => {
    expect(() => outlined("[[[]]]", 2)).not.toThrow();
    expect(() => outlined("[[[[]]]]", 2)).toThrow("nested too deeply; the limit is 2 levels");
    expect(() => outlined('{"a":{}}', 2)).not.toThrow();
    expect(() => outlined('{"a":{"b":{}}}', 2)).toThrow("nested too deeply; the limit is 2 levels");
  });

  it("counts the members of all levels", () => {
    for (const event of ["{}", "[1,2,3,4,5]", '{"a":[[1]],"b":{ }}', "[[],[],[],[],[]]", "[[1,2],[3]]"])
      expect(() => outlined(`[${event},${event}]`)).not.toThrow();
    for (const event of ["[[[[[[1]]]]]]", '{"a":{"b":{"c":[{"d":[0]}]}}}', "[1,2,3,4,5,6]", "[[1],[2],[3]]"])
      expect(() => outlined(`[${event}]`)).toThrow("too many members; the limit is 5");
  });

  it.each(['["', '"\\', "]]]]", "[1,2", "}{", '{"a":"\\"', "[,,]", "-", "[--1e+-.]"])(
    "does not fail for %j, which is not JSON",
    (text) => {
      expect(() => outlined(text)).not.toThrow();
    },
  );
});
