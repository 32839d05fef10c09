const LONGEST = 300;

/** Returns a failure in one line, as `.ci/run` collects them: what failed, and the first line that says why. */
export function failureLine(what, why) {
  const [first = ""] = String(why)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return `✗ ${what}: ${first.slice(0, LONGEST)}`;
}
