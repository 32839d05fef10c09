import { relative } from "node:path";
import { root } from "./workspace.mjs";

/** Returns a line for each failed test of vitest's JSON results, and for each file that did not load. */
export function failureLines(files) {
  return files.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length === 0) return status === "failed" ? [failure(name, "does not load", message)] : [];
    return failed.map((test) => failure(name, test.fullName, test.failureMessages[0]));
  });
}

function failure(file, what, message = "") {
  return `✗ ${relative(root, file)}: ${what}: ${message.split("\n")[0]}`;
}
