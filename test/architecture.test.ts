import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readText } from "./markdown-files.js";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packages = readdirSync(new URL("../packages", import.meta.url));
const rows = readText("docs/architecture.md")
  .split("\n")
  .map((line) => /^\| `packages\/([\w-]+)\/` \| .* \| (.*) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, name = "", needs = ""]) => ({ name, needs }));

describe("the table of packages in docs/architecture.md", () => {
  it("has a row for each package", () => {
    expect(rows.map(({ name }) => name).sort()).toEqual([...packages].sort());
  });

  it.each(rows)("lists the dependencies of $name", ({ name, needs }) => {
    const { dependencies = {} } = JSON.parse(readText(`packages/${name}/package.json`)) as Manifest;
    const ours = Object.keys(dependencies).filter((dependency) => dependency.startsWith("@evt/"));
    expect(needs).toBe(ours.length === 0 ? "nothing" : ours.map((each) => `\`${each}\``).join(", "));
  });
});
