import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runTests } from "./run-tests.mjs";
import { setUp } from "./set-up.mjs";
import { root } from "./workspace.mjs";

/** Returns the test files that import `test/setup/depth.ts`, which sets the number of repetitions. */
function deepFiles() {
  const folders = ["packages", "examples", "tools", "bench", "faults", "test"];
  return folders.flatMap(sourcesIn).filter(isDeep);
}

function sourcesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourcesIn(path);
    return /\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function isDeep(file) {
  return readFileSync(join(root, file), "utf8").includes("setup/depth.js");
}

await setUp();
process.env.EVT_TEST_DEPTH = "deep";
const args = process.argv.slice(2);
await runTests(["unit", "pg"], {}, args.length > 0 ? args : deepFiles());
