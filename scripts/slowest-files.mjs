import { relative } from "node:path";
import { root } from "./workspace.mjs";

/** Returns a line for each of the `count` slowest test files in vitest's JSON results. The slowest file is first. */
export function slowestFiles(files, count = 10) {
  const timed = files.map(({ name, startTime, endTime }) => ({
    name,
    seconds: (endTime - startTime) / 1000,
  }));
  return timed
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${relative(root, name)}`);
}
