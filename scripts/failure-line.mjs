const LONGEST = 300;

/**
 * Returns a failure as one line, as `.ci/run` collects it: the name of the failed part, and the first line of the
 * reason.
 */
export function failureLine(what, why) {
  const [first = ""] = String(why)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return `✗ ${what}: ${first.slice(0, LONGEST)}`;
}
