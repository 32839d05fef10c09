import { describe, expect, it } from "vitest";
import { readmeExamples, run } from "./readme-examples.js";

const examples = readmeExamples();
const withoutDatabase = [...examples, ...readmeExamples("packages/core/README.md")].filter(
  ({ code }) => !code.includes("DATABASE_URL"),
);

describe("the README", () => {
  it("begins with twelve lines that ingest twice", () => {
    const lines = examples[0]?.code.split("\n").filter((line) => line.trim() !== "") ?? [];
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(examples[0]?.prints).toEqual(["processed", "duplicate"]);
  });

  it.each(withoutDatabase)("prints under “$heading” what it says it prints", async (example) => {
    expect(example.prints.length).toBeGreaterThan(0);
    expect(await run(example)).toEqual(example.prints);
  });
});
