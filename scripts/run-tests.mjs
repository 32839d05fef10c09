import { missingFrom, recordTests } from "./expected-tests.mjs";
import { closeWith } from "./tally.mjs";
import { runVitest } from "./vitest-run.mjs";

/**
 * Runs the projects. Prints how many tests ran, with each project's text from `about`. Without arguments, the run must have
 * at least the recorded number of tests. With `--record` alone, the number of tests is recorded if none failed.
 */
export async function runTests(projects, about, args) {
  const recording = args.includes("--record");
  const chosen = args.filter((arg) => arg !== "--record");
  const { ran, passed, failed, skipped } = await runVitest(projects, chosen);
  // a run with arguments may have fewer tests
  const missing = recording || chosen.length > 0 ? [] : missingFrom(ran, projects);
  for (const project of projects) console.log(`${project} tests: ${ran[project]} ran${about[project] ?? ""}`);
  for (const line of missing) console.log(`✗ ${line}`);
  if (recording) console.log(record(ran, projects, chosen, failed));
  return closeWith({ passed, failed: failed + missing.length, skipped });
}

function record(ran, projects, chosen, failed) {
  if (chosen.length > 0 || failed > 0) return "not recorded: only a whole run without a failure is recorded";
  recordTests(ran, projects);
  return "recorded in scripts/expected-tests.json";
}
