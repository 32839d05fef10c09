import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { storeTests } from "@evt/store-conformance";
import { describe, expect, it } from "vitest";
import { FAULTS } from "../faults/src/faults/index.js";
import { loadedByTests, testTitlesIn, titlesInSource } from "./known-tests.js";
import { type NamedObligation, type NamedPath, testReferencesIn } from "./test-references.js";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), "utf8");
const faults = FAULTS.map(({ name }) => name);
const trapTitles = testTitlesIn("test/traps/traps.ts");

describe("the tests that a document names", () => {
  it.each(["docs/guarantees.md", "SECURITY.md"])("exist under these names: %s", (document) => {
    const { paths, obligations } = testReferencesIn(read(document));
    expect(paths.length).toBeGreaterThan(5);
    expect(obligations.length).toBeGreaterThan(2);
    expect(unknownTests(read(document))).toEqual([]);
  });

  it("include every fault run, in docs/guarantees.md", () => {
    const named = new Set(testReferencesIn(read("docs/guarantees.md")).faults);
    expect(faults.filter((fault) => !named.has(fault))).toEqual([]);
  });

  it.each([
    ["`core/test/nowhere.test.ts`", "core/test/nowhere.test.ts"],
    ["`index.test.ts`", "index.test.ts"],
    ["`core/test`", "core/test"],
    ["`core/test/nowhere/`", "core/test/nowhere/"],
    ["`bench/src/main.ts`", "bench/src/main.ts"],
    ['`test/documents.test.ts` "exist\nunder these names: %s", "no such test"', "no such test"],
    ['conformance S2 "of concurrent inserts"', "S2: of concurrent inserts"],
    ["conformance S3, S18–S25", "S25"],
    ["F33, F13–F15", "F14"],
    ["traps 17, 99", "trap 99"],
  ])("are reported if they do not exist: %s", (markdown, unknown) => {
    expect(unknownTests(markdown)).toEqual([unknown]);
  });

  it("are found in a file, in a folder and by their numbers", () => {
    const fact = "exactly one of several concurrent inserts of one identity wins";
    const markdown = `\`core/test/simulation/\`, \`test/traps/traps.ts\`, conformance S2 "${fact}", S5, F7, trap 17`;
    expect(testReferencesIn(markdown)).toEqual({
      paths: [
        { path: "core/test/simulation/", titles: [] },
        { path: "test/traps/traps.ts", titles: [] },
      ],
      obligations: [
        { id: "S2", titles: [fact] },
        { id: "S5", titles: [] },
      ],
      faults: ["F7"],
      traps: ["17"],
    });
    expect(unknownTests(markdown)).toEqual([]);
  });

  it("are titles of tests that run", () => {
    const source =
      'it("a"); it.each([1])("b", f); describe(`c`); it.skip("d"); it.todo("e"); f("g"); // it("h")';
    expect(titlesInSource(source)).toEqual(["a", "b", "c"]);
  });
});

function unknownTests(markdown: string): readonly string[] {
  const named = testReferencesIn(markdown);
  return [
    ...named.paths.flatMap(unknownIn),
    ...named.obligations.flatMap(unknownObligation),
    ...named.faults.filter((fault) => !faults.includes(fault)),
    ...named.traps
      .map((trap) => `trap ${trap}`)
      .filter((trap) => !trapTitles.some((title) => title.startsWith(`${trap}:`))),
  ];
}

function unknownIn({ path, titles }: NamedPath): readonly string[] {
  const full = fromRoot(path);
  if (path.endsWith("/"))
    return [...loadedByTests].some((loaded) => loaded.startsWith(full)) ? titles : [path];
  if (!loadedByTests.has(full)) return [path];
  const existing = testTitlesIn(full);
  return titles.filter((title) => !existing.includes(title));
}

/** Adds `packages/` unless the path begins with another root folder. */
function fromRoot(path: string): string {
  return /^(packages|examples|tools|bench|faults|test)\//.test(path) ? path : `packages/${path}`;
}

function unknownObligation({ id, titles }: NamedObligation): readonly string[] {
  const tests = storeTests.filter((test) => test.id.replace(/[ab]$/, "") === id);
  if (tests.length === 0) return [id];
  const existing = tests.map(({ title }) => title);
  return titles.map((title) => `${id}: ${title}`).filter((title) => !existing.includes(title));
}
