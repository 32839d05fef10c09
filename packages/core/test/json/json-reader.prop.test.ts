import { describe, expect } from "vitest";
import { InexactNumber } from "../../src/inexact-number.js";
import { isExactNumber } from "../../src/json/exact-number.js";
import { readJson } from "../../src/json/json-reader.js";
import { parseExactly } from "../../src/json/parse-exactly.js";
import { fc, test } from "../properties.js";
import { isJson, mutatedJson, plainlyKeyedJson } from "./json-text.js";

describe.each([readJson, parseExactly])("$name", (read) => {
  test.prop([plainlyKeyedJson], { numRuns: 1_000 })(
    "differs from JSON.parse only in inexact numbers, even with equal keys and __proto__",
    (text) => {
      expect(rounded(read(text))).toStrictEqual(JSON.parse(text));
    },
  );

  test.prop([mutatedJson], { numRuns: 2_000 })("refuses exactly what JSON.parse refuses", (text) => {
    if (isJson(text)) expect(() => read(text)).not.toThrow();
    else expect(() => read(text)).toThrow(SyntaxError);
  });
});

describe("readJson", () => {
  test.prop([mutatedJson], { numRuns: 1_000 })(
    "fails at the same place without the text after it",
    (text) => {
      fc.pre(!isJson(text));
      const offset = offsetOf(text) as number;
      expect(offsetOf(text.slice(0, offset + 1))).toBe(offset);
    },
  );

  test.prop([fc.string({ minLength: 1 }), fc.string({ minLength: 1 })])(
    "reads keys with any escapes",
    (one, other) => {
      // the escaped text is itself a key, before and after
      const text = `{"${escaped(one)}":1,${JSON.stringify(escaped(other))}:2,"${escaped(other)}":3}`;
      const meant = Object.fromEntries([
        [one, 1],
        [escaped(other), 2],
        [other, 3],
      ]);
      expect(Object.entries(readJson(text) as object)).toEqual(Object.entries(meant));
    },
  );

  test.prop([fc.stringMatching(/^-?[1-9]\d{0,30}(\.\d{1,30})?$/)])(
    "keeps each inexact number as written",
    (number) => {
      const { n } = readJson(`{"n":${number}}`) as { n: unknown };
      expect(n).toEqual(isExactNumber(number) ? Number(number) : new InexactNumber(number));
    },
  );
});

function escaped(key: string): string {
  return [...key].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
}

function offsetOf(text: string): number | undefined {
  try {
    readJson(text);
  } catch (error) {
    return (error as { offset: number }).offset;
  }
  return undefined;
}

/** The same value with doubles. Own keys only, so that `__proto__` is compared, too. */
function rounded(value: unknown): unknown {
  if (value instanceof InexactNumber) return Number(value.text);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}
