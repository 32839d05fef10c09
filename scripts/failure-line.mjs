import { stripVTControlCharacters } from "node:util";

const LONGEST = 300;

/**
 * Returns a failure as one line, which `.ci/run` collects. The line has the name of the failed part, and the first `lines`
 * lines of the reason.
 */
export function failureLine(what, why, lines = 1) {
  const first = stripVTControlCharacters(String(why))
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(0, lines);
  return `✗ ${what}: ${first.join(" ").slice(0, LONGEST)}`;
}
