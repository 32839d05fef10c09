import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/identity/canonical-json.js";
import { fc, test } from "../properties.js";

describe("canonicalJson", () => {
  it("prints the example of RFC 8785, section 3.2.2", () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("sorts members by UTF-16 code units, as RFC 8785, section 3.2.3, does", () => {
    const keys = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
    const sorted = Object.keys(JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))));
    // an integer-like key comes first in any object
    expect(sorted).toEqual(["1", "\r", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"]);
  });

  test.prop([fc.jsonValue({ noUnicodeString: false } as object)])(
    "is the same for any order of members",
    (value) => {
      const reversed = (at: unknown): unknown => {
        if (Array.isArray(at)) return at.map(reversed);
        if (typeof at !== "object" || at === null) return at;
        return Object.fromEntries(
          Object.entries(at)
            .reverse()
            .map(([key, member]) => [key, reversed(member)]),
        );
      };
      expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    },
  );

  it("keeps __proto__ as a member like any other", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  });

  it.each([
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ["\ud800"],
    [{ "\udfff": 1 }],
    [undefined],
    [1n],
    [new Date(0)],
    [() => 1],
  ])("refuses %o", (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
