import { failureLine } from "./failure-line.mjs";

/** Prints a command's last line, for people and programs, and sets the exit code. */
export function closeWith({ passed, failed, skipped = 0 }) {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/**
 * Runs named checks one by one. A check returns a description of the problem, or nothing. A check that throws has
 * failed too.
 */
export async function tally(checks) {
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const wrong = await check().catch((error) => error.stack);
    // the first line of a tool may be a heading
    console.log(wrong ? failureLine(name, wrong, 2) : `✓ ${name}`);
    if (!wrong) continue;
    console.log(wrong);
    failed += 1;
  }
  return { passed: Object.keys(checks).length - failed, failed };
}
