import { describe, expect, test } from "vitest";
import { withBenchSection } from "../../src/harness/readme-section.js";

describe("withBenchSection", () => {
  test("puts the results between the markers and leaves the rest as it is", () => {
    const readme = "# evt\n\n<!-- bench:start -->\nold\nfigures\n<!-- bench:end -->\n\nmore\n";
    expect(withBenchSection(readme, "| new |")).toBe(
      "# evt\n\n<!-- bench:start -->\n| new |\n<!-- bench:end -->\n\nmore\n",
    );
  });

  test("writes the same again", () => {
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
  ])("a README with %s is refused in words", (_, readme) => {
    expect(() => withBenchSection(readme, "| a |")).toThrow(
      "README.md must hold the line <!-- bench:start --> once",
    );
  });
});
