/** How a command of this project ends: one line that people and machines can read. */
export function closeWith({ passed, failed, skipped = 0 }) {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** Runs named checks one after the other; each is a function that tells what is wrong, or nothing. */
export async function tally(checks) {
  let failed = 0;
  for (const [name, check] of Object.entries(checks)) {
    const wrong = await check();
    console.log(`${wrong ? "✗" : "✓"} ${name}`);
    if (!wrong) continue;
    console.log(wrong);
    failed += 1;
  }
  return { passed: Object.keys(checks).length - failed, failed };
}
