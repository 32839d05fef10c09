import { failureLine } from "./failure-line.mjs";

/** Prints the numbers of passed, failed and skipped checks as the last line of output, and sets the exit code. */
export function closeWith({ passed, failed, skipped = 0 }) {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/**
 * Runs groups of named checks at the same time, and the checks of a group one by one. Prints the results in the order of
 * the arguments. A check fails if it returns a description of a problem, or if it throws.
 */
export async function tally(...groups) {
  const checks = groups.flatMap(runInOrder);
  let failed = 0;
  for (const [name, result] of checks) {
    const wrong = await result;
    // two lines, because the first line of a tool may be a heading
    console.log(wrong ? failureLine(name, wrong, 2) : `✓ ${name}`);
    if (!wrong) continue;
    console.log(wrong);
    failed += 1;
  }
  return { passed: checks.length - failed, failed };
}

/** Starts the first check. Returns each name with a promise of the check's result, which never rejects. */
function runInOrder(group) {
  let previous = Promise.resolve();
  return Object.entries(group).map(([name, check]) => {
    previous = previous.then(check).catch((error) => error.stack);
    return [name, previous];
  });
}
