/** Counts the results of a vitest run from its JSON results and its exit code. */
export function countTests(files, code) {
  const counts = { passed: 0, failed: 0, skipped: 0, ran: { unit: 0, pg: 0, browser: 0 } };
  for (const file of files) {
    for (const { status } of file.assertionResults) tallyTest(counts, projectOf(file.name), status);
    // a file that does not load fails, although none of its tests does
    if (file.status === "failed" && !file.assertionResults.some(isFailed)) counts.failed += 1;
  }
  // after an unhandled error or a failed set-up, the run has failed, although no test has
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return { ...counts, code };
}

function tallyTest(counts, project, status) {
  if (status === "passed" || status === "failed") {
    counts[status] += 1;
    counts.ran[project] += 1;
  } else counts.skipped += 1;
}

function isFailed({ status }) {
  return status === "failed";
}

function projectOf(name) {
  if (/\.pg\.test\.tsx?$/.test(name)) return "pg";
  return /\.browser\.test\.tsx?$/.test(name) ? "browser" : "unit";
}
