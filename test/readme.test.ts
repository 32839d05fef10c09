import { describe, expect, it } from "vitest";
import { readText } from "./markdown-files.js";
import { readmeExamples, run } from "./readme-examples.js";

const [first] = readmeExamples();
const documents = ["README.md", "docs/guide.md", "docs/reading-events.md", "packages/core/README.md"];
const withoutDatabase = documents
  .flatMap((document) => readmeExamples(document).map((example) => ({ document, ...example })))
  .filter(({ code }) => !code.includes("DATABASE_URL"));

describe("the README", () => {
  it("begins with fifteen lines that count an event once", () => {
    const lines = first?.code.split("\n").filter((line) => line.trim() !== "") ?? [];
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(first?.prints).toEqual(["processed", "duplicate", "1200"]);
  });

  it("shows the numbers of docs/benchmarks.md", () => {
    const known = figuresIn("docs/benchmarks.md");
    const shown = figuresIn("README.md");
    expect(shown.size).toBe(4);
    for (const [row, value] of shown) expect(known.get(row)).toBe(value);
  });
});

it.each(withoutDatabase)(
  "the example in $document under “$heading” prints the lines in its comments",
  async (example) => {
    expect(example.prints.length).toBeGreaterThan(0);
    expect(await run(example)).toEqual(example.prints);
  },
);

/** The values of the rows between the bench markers. */
function figuresIn(document: string): ReadonlyMap<string, string> {
  const [, section = ""] = readText(document).split(/<!-- bench:(?:start|end) -->/);
  const rows = [...section.matchAll(/^\| ([^|]+?) +\| +([\d.,]+ [^|]+?) \|/gm)];
  return new Map(rows.map(([, row = "", value = ""]) => [row, value]));
}
