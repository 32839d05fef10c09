import { describe, expect } from "vitest";
import { lineAndColumn } from "../../src/json/line-and-column.js";
import { fc, test } from "../properties.js";

const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "\r", "\u2028", "\u{1f600}"), maxLength: 5 }), {
  minLength: 1,
});

describe("lineAndColumn", () => {
  test.prop([lines, fc.nat()])("counts line feeds, and code units since the last one", (texts, n) => {
    const text = texts.join("\n");
    const offset = n % (text.length + 1);
    const before = text.slice(0, offset).split("\n");
    const column = (before.at(-1) as string).length + 1;
    expect(lineAndColumn(text, offset)).toEqual({ line: before.length, column });
  });
});
