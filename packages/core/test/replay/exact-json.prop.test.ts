import { expect, it } from "vitest";
import { InexactNumber } from "../../src/normalize/inexact-number.js";
import { parseExactly } from "../../src/replay/exact-json.js";
import { fc, test } from "../properties.js";

test.prop([fc.jsonValue()])(
  "reads what JSON.parse reads, where every number is printed by a double",
  (value) => {
    const json = JSON.stringify(value);
    expect(parseExactly(json)).toEqual(JSON.parse(json));
  },
);

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
