import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./workspace.mjs";

const file = join(root, "scripts", "expected-tests.json");

/** The recorded number of tests in a whole run, by project. */
export const expectedTests = JSON.parse(readFileSync(file, "utf8"));

/** Returns a line for each project that ran fewer tests than recorded, so that a run with missing tests fails. */
export function missingFrom(ran, projects) {
  return projects
    .filter((project) => ran[project] < expectedTests[project])
    .map(
      (project) =>
        `${project}: only ${ran[project]} tests ran, and ${expectedTests[project]} are recorded; after removing tests, run npm run test:record`,
    );
}

/** Records the number of tests in a whole run. */
export function recordTests(ran, projects) {
  const counts = Object.fromEntries(projects.map((project) => [project, ran[project]]));
  writeFileSync(file, `${JSON.stringify({ ...expectedTests, ...counts }, null, 2)}\n`);
}
