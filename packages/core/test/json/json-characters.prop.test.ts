import { describe, expect } from "vitest";
import { endOfPlainCharacters, isJsonSpace } from "../../src/json/json-characters.js";
import { fc, test } from "../properties.js";
import { isJson } from "./json-text.js";

const unit = fc.constantFrom(...'\u0000\t\n\u000b\r\u001f !"#\\\u007f\u00a0\u2028\ud83d\u{1f600}');

describe("endOfPlainCharacters", () => {
  test.prop([fc.string({ unit }), fc.nat({ max: 12 })])(
    "ends where JSON requires an escape",
    (text, from) => {
      const broken = [...text.slice(from).split("").entries()].find(([, char]) => !isPlain(char));
      expect(endOfPlainCharacters(text, from)).toBe(broken === undefined ? text.length : from + broken[0]);
    },
  );
});

describe("isJsonSpace", () => {
  test.prop([unit])("accepts only the white space of JSON.parse", (char) => {
    expect(isJsonSpace(char.charCodeAt(0))).toBe(isJson(`${char}1`));
  });
});

/** JSON.stringify escapes lone surrogates, too, though JSON allows them. */
function isPlain(char: string): boolean {
  return /[\ud800-\udfff]/.test(char) || JSON.stringify(char) === `"${char}"`;
}
