import { describe, expect, test } from "vitest";
import { argumentsFrom, UsageError } from "../../src/harness/arguments.js";

const ROWS = ["copy floor", "store.insert"];

describe("argumentsFrom", () => {
  test("without arguments, runs all rows and prints a table", () => {
    expect(argumentsFrom([], ROWS)).toEqual({
      json: false,
      quick: false,
      full: false,
      only: [],
      rounds: 5,
      writeDocs: false,
      help: false,
    });
  });

  test("a quick run has fewer rounds unless a number is given", () => {
    expect(argumentsFrom(["--quick"], ROWS).rounds).toBe(3);
    expect(argumentsFrom(["--quick", "--rounds", "7"], ROWS).rounds).toBe(7);
  });

  test("each --only names one row", () => {
    const { only, json } = argumentsFrom(["--only", "copy floor", "--json", "--only=store.insert"], ROWS);
    expect({ only, json }).toEqual({ only: ["copy floor", "store.insert"], json: true });
  });

  test.each([
    [["--only", "copy"], 'there is no row "copy"; the rows are: copy floor, store.insert'],
    [["--rounds", "0"], '--rounds is "0"'],
    [["--rounds", "1e3"], '--rounds is "1e3"'],
    [["--fast"], "--fast"],
    [["--quick", "--full"], "--quick and --full exclude each other"],
    [["copy floor"], "copy floor"],
    [["--write-docs", "--quick"], "the documents show a whole run"],
    [["--write-docs", "--only", "copy floor"], "the documents show a whole run"],
  ])("%j is refused with the reason", (args, message) => {
    expect(() => argumentsFrom(args, ROWS)).toThrow(UsageError);
    expect(() => argumentsFrom(args, ROWS)).toThrow(message);
  });
});
