import { describe, expect, it } from "vitest";
import { csvRecord } from "../../src/responses/csv.js";

describe("a record of CSV", () => {
  it.each<[string | number | null, string]>([
    ["a", "a"],
    [null, ""],
    [0, "0"],
    ["a,b", '"a,b"'],
    ['a"b', '"a""b"'],
    ["a\nb", '"a\nb"'],
    ["=1+1", "'=1+1"],
    ["+49 30", "'+49 30"],
    ["-cmd", "'-cmd"],
    ["-1+1", "'-1+1"],
    ["@sum", "'@sum"],
    ["\tx", "'\tx"],
    ["\r=x", '"\'\r=x"'],
    ['=a"b', '"\'=a""b"'],
    ["\uff1d1", "'\uff1d1"],
    ["-5", "-5"],
    ["-0.5", "-0.5"],
  ])("has the cell %j as %s", (cell, text) => {
    expect(csvRecord(["x", cell])).toBe(`x,${text}\r\n`);
  });
});
