import { expect, it } from "vitest";
import { InexactNumber } from "../../src/inexact-number.js";
import { parseExactly } from "../../src/json/parse-exactly.js";
import { fc, test } from "../properties.js";

test.prop([fc.stringMatching(/^[1-9]\d{16,30}[1-9]$/), fc.nat(10), fc.boolean()])(
  "keeps the digits of any decimal that a double would round",
  (digits, point, negative) => {
    fc.pre(Number(digits).toString().replace(/\D/g, "") !== digits);
    const number = `${negative ? "-" : ""}${digits.slice(0, point + 1)}.${digits.slice(point + 1)}`;
    const read = { a: [new InexactNumber(number)], b: number };
    expect(parseExactly(`{"a":[${number}],"b":"${number}"}`)).toEqual(read);
  },
);

it.each([
  ["1e400", new InexactNumber("1e400")],
  ["9007199254740992", new InexactNumber("9007199254740992")],
  ["1e-400", new InexactNumber("1e-400")],
  ["0e400", 0],
  ["12.500000000000000000000", 12.5],
  ["1e3", 1_000],
  ['"\\"1234567890123456789"', '"1234567890123456789'],
])("reads %s as it is meant", (json, value) => {
  expect(parseExactly(json)).toEqual(value);
});

it.each(["{", "01234567890123456789", "1.2.34567890123456789", "[1234567890123456789"])(
  "refuses %s",
  (json) => {
    expect(() => parseExactly(json)).toThrow(SyntaxError);
  },
);

// one caller may store such texts, and another replays them: quadratic work would take hours, and a recursive regular expression would overflow the stack
it("reads numbers and strings of millions of characters", () => {
  const digits = `1${"0".repeat(2 ** 21)}1`;
  const text = "\\n".repeat(2 ** 21);
  expect(parseExactly(`{"x":${digits},"text":"${text}"}`)).toEqual({
    x: new InexactNumber(digits),
    text: "\n".repeat(2 ** 21),
  });
});
