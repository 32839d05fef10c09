import { failureLine } from "./failure-line.mjs";

/** Prints the numbers of passed, failed and skipped checks as the last line of output, and sets the exit code. */
export function closeWith({ passed, failed, skipped = 0 }) {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/**
 * Runs named checks one by one. A check fails if it returns a description of a problem, or if it throws.
 */
export async function tally(checks) {
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const wrong = await check().catch((error) => error.stack);
    // two lines, because the first line of a tool may be a heading
    console.log(wrong ? failureLine(name, wrong, 2) : `✓ ${name}`);
    if (!wrong) continue;
    console.log(wrong);
    failed += 1;
  }
  return { passed: Object.keys(checks).length - failed, failed };
}
