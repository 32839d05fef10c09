import { afterEach, describe, expect, test, vi } from "vitest";
import { parseExactly, prettyJson } from "../../../web/src/json/exact-json.js";

// a browser test checks that numbers keep all their digits, because Node may lack `JSON.rawJSON`
describe("parseExactly", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("a number that a double holds is a number", () => {
    expect(parseExactly('{"count":846,"ratio":-0.5}')).toEqual({ count: 846, ratio: -0.5 });
  });

  test("an engine without raw numbers still parses", () => {
    vi.stubGlobal("JSON", { parse: JSON.parse, stringify: JSON.stringify });
    expect(parseExactly("[1,2]")).toEqual([1, 2]);
  });
});

describe("prettyJson", () => {
  test("is indented by two", () => {
    expect(prettyJson({ a: 1 })).toBe('{\n  "a": 1\n}');
  });
});
