import { InexactNumber } from "@evt/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mutatedJson, plainlyKeyedJson } from "../../core/test/json/json-text.js";
import { isExact } from "../src/json-outline.js";
import { parseDelicate, parseJson } from "../src/parse-json.js";

describe("parseDelicate", () => {
  it("differs from JSON.parse in inexact numbers only, doubled keys and __proto__ included", () => {
    fc.assert(
      fc.property(plainlyKeyedJson, (text) => {
        const kept = parseDelicate(text);
        expect(rounded(kept)).toStrictEqual(JSON.parse(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it("reads keys however they are escaped", () => {
    const escaped = (key: string) =>
      [...key].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        // the text of the escapes is itself a key, before and after
        const text = `{"${escaped(one)}":1,${JSON.stringify(escaped(other))}:2,"${escaped(other)}":3}`;
        expect(Object.entries(parseDelicate(text) as object)).toEqual(
          Object.entries(
            Object.fromEntries([
              [one, 1],
              [escaped(other), 2],
              [other, 3],
            ]),
          ),
        );
      }),
    );
  });

  it("keeps each inexact number as it was written", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^-?[1-9]\d{0,30}(\.\d{1,30})?$/), (number) => {
        const { n } = parseDelicate(`{"n":${number}}`) as { n: unknown };
        expect(n).toEqual(isExact(number) ? Number(number) : new InexactNumber(number));
      }),
    );
  });
});

describe("parseJson", () => {
  it("refuses with a place whatever JSON.parse refuses, and nothing else", () => {
    fc.assert(
      fc.property(mutatedJson, (text) => {
        if (isJson(text)) {
          expect(() => parseJson(text)).not.toThrow();
        } else {
          expect(() => parseJson(text)).toThrow(/^body is not JSON: .*, at line \d+, column \d+$/s);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The same value as doubles hold it. Own keys only, so that `__proto__` is compared like any other. */
function rounded(value: unknown): unknown {
  if (value instanceof InexactNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}
