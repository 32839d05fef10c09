import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { type StoreHarness, storeTests } from "@evt/store-conformance";
import { afterAll, describe, expect, it, vi } from "vitest";
import { readText } from "./markdown-files.js";

type Run = () => Promise<void>;

/** The harness of the printed test, and the tests that it registers, by title. */
let harness: StoreHarness | undefined;
const registered = new Map<string, Run | "skipped">();

vi.doMock("@evt/store-conformance/vitest", () => ({
  describeStore: (_: string, given: StoreHarness) => {
    harness = given;
  },
}));
vi.doMock("node:test", () => ({
  test: (title: string, { skip }: { readonly skip: string | false }, run: Run) =>
    void registered.set(title, skip === false ? run : "skipped"),
}));

const folder = new URL("./.readme-examples/store-tests/", import.meta.url);
mkdirSync(new URL("src/", folder), { recursive: true });
mkdirSync(new URL("test/", folder), { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
  // test files share a worker's modules
  vi.doUnmock("@evt/store-conformance/vitest");
  vi.doUnmock("node:test");
});

// stands in for the reader's own store; as a memory store it has no `reopen`, `prune` or `poison`
writeFileSync(
  new URL("src/my-store.ts", folder),
  `import { MemoryStore } from "@evt/store-memory";
   export class MyStore extends MemoryStore {
     static async open(_: string) { return new MyStore(); }
     async drop() { await this.close(); }
     async restart() { return this; }
   }`,
);

const CONFORMANCE = "packages/store-conformance/README.md";
const contributing = await printedHarness("CONTRIBUTING.md");
const readme = await printedHarness(CONFORMANCE);

describe.each([
  ["CONTRIBUTING.md", contributing],
  ["the README of store-conformance", readme],
])("the store test that %s prints", (_, given) => {
  it.each(applicable(given))("passes: $title", (test) => test.run(given));

  it("skips only tests that need an ability", () => {
    expect(applicable(given).length).toBeGreaterThan(storeTests.length / 2);
  });
});

it("the README of store-conformance prints a test for node:test that registers every test", async () => {
  writeFileSync(
    new URL("test/harness.ts", folder),
    `import { MyStore } from "../src/my-store.js";
     const without = { reopen: "no", prune: "no", poison: "no", replay: "no" };
     export const harness = { create: async () => ({ store: new MyStore(), dispose: async () => {} }), without };`,
  );
  await runPrinted(CONFORMANCE, 'from "node:test"');
  expect([...registered.keys()]).toEqual(storeTests.map(({ title }) => title));
  expect([...registered.values()].filter((run) => run === "skipped")).toHaveLength(
    storeTests.filter(({ needs }) => needs !== null).length,
  );
});

async function printedHarness(document: string): Promise<StoreHarness> {
  harness = undefined;
  await runPrinted(document, "describeStore(");
  if (harness === undefined) throw new Error(`the test that ${document} prints describes no store`);
  return harness;
}

/** Runs the first code block that contains `part`. */
async function runPrinted(document: string, part: string): Promise<void> {
  const blocks = readText(document).match(/(?<=^```(?:ts|js)\n)[\s\S]*?(?=^```)/gm) ?? [];
  const code = blocks.find((block) => block.includes("import") && block.includes(part));
  if (code === undefined) throw new Error(`${document} prints no test with ${part}`);
  const file = new URL(`test/${`${document} ${part}`.replaceAll(/\W/g, "-")}.ts`, folder);
  writeFileSync(file, code);
  await import(/* @vite-ignore */ file.pathname);
}

function applicable({ without = {} }: StoreHarness) {
  return storeTests.filter(({ needs }) => needs === null || without[needs] === undefined);
}
