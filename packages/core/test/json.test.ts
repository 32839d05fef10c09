import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as json from "../src/json.js";

const entry = new URL("../src/json.ts", import.meta.url);

it("@evt/core/json exports just these names", () => {
  expect(Object.keys(json).sort()).toEqual(["lineAndColumn", "whyNotJson"]);
});

it("@evt/core/json runs in browsers: it imports files of this package only", () => {
  const imported = [...importedBy(entry)];
  expect(imported.length).toBeGreaterThan(3);
  expect(imported.filter((specifier) => !specifier.startsWith("file:"))).toEqual([]);
});

/** URLs of files and names of modules that a file imports, directly or not. */
function importedBy(file: URL, found = new Set<string>()): ReadonlySet<string> {
  for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import) "([^"]+)"/g)) {
    const isFile = specifier.startsWith(".");
    const address = isFile ? new URL(specifier.replace(/\.js$/, ".ts"), file) : null;
    if (found.has(address?.href ?? specifier)) continue;
    found.add(address?.href ?? specifier);
    if (address !== null) importedBy(address, found);
  }
  return found;
}
