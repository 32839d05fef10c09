import { describe, expect, test } from "vitest";
import { withBenchSection } from "../../src/harness/bench-section.js";

describe("withBenchSection", () => {
  test("puts the results between the markers and does not change the rest", () => {
    const document = "# evt\n\n<!-- bench:start -->\nold\nfigures\n<!-- bench:end -->\n\nmore\n";
    expect(withBenchSection(document, "| new |")).toBe(
      "# evt\n\n<!-- bench:start -->\n| new |\n<!-- bench:end -->\n\nmore\n",
    );
  });

  test("replaces the results of an earlier run", () => {
    const once = withBenchSection("<!-- bench:start --><!-- bench:end -->", "| a |");
    expect(withBenchSection(once, "| a |")).toBe(once);
  });

  test.each([
    ["no marker", "# evt"],
    ["no end", "<!-- bench:start -->"],
    ["no start", "<!-- bench:end -->"],
    ["the end before the start", "<!-- bench:end --> <!-- bench:start -->"],
    ["two starts", "<!-- bench:start --> <!-- bench:start --> <!-- bench:end -->"],
    [
      "a start and an end after the section",
      "<!-- bench:start --> <!-- bench:end --> <!-- bench:start --> <!-- bench:end -->",
    ],
    ["two ends", "<!-- bench:start --> <!-- bench:end --> <!-- bench:end -->"],
  ])("a document with %s is refused with the reason", (_, document) => {
    expect(() => withBenchSection(document, "| a |")).toThrow(
      "the document must have the line <!-- bench:start --> once",
    );
  });
});
