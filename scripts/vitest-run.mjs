import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./child.mjs";
import { failureLine } from "./failure-line.mjs";
import { slowestFiles } from "./slowest-files.mjs";
import { countTests } from "./test-counts.mjs";
import { root } from "./workspace.mjs";

/**
 * Runs vitest projects, and prints the slowest files and one line per failure. Returns the numbers of results, and the
 * number of tests by the suffixes of their files.
 */
export async function runVitest(projects, args) {
  const folder = mkdtempSync(join(tmpdir(), "evt-results-"));
  const results = join(folder, "results.json");
  try {
    const code = await run(process.execPath, [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--reporter=default",
      `--reporter=${join(root, "scripts", "failure-reporter.mjs")}`,
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...args,
    ]);
    const files = read(results);
    if (files.length > 1) console.log(["the slowest files:", ...slowestFiles(files)].join("\n"));
    if (files.length === 0) console.log(failureLine("vitest", `exit code ${code} and no results`));
    return countTests(files, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).testResults;
  } catch {
    return [];
  }
}
