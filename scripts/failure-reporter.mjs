import { relative } from "node:path";
import { failureLine } from "./failure-line.mjs";
import { root } from "./workspace.mjs";

/** A vitest reporter that prints a line for each failure at the end of the run. */
export default class FailureReporter {
  onTestRunEnd(modules, unhandledErrors) {
    for (const line of failureLines(modules, unhandledErrors)) console.log(line);
  }
}

/**
 * Returns a line for each failed test, for each file or suite with an error of its own, and for each error outside tests.
 */
export function failureLines(modules, unhandledErrors) {
  return [
    ...modules.flatMap((module) => failuresOf(module)),
    ...unhandledErrors.map((error) => failureLine(`${placeOf(error)}an unhandled error`, error.message)),
  ];
}

/** Returns the file in which an error occurred, for the start of a line. Returns `""` if Vitest does not know the file. */
function placeOf({ VITEST_TEST_PATH: file }) {
  return file === undefined ? "" : `${relative(root, file)}: `;
}

function failuresOf(module) {
  const file = relative(root, module.moduleId);
  const suites = [...module.children.allSuites()].map((suite) => [suite.fullName, suite.errors()]);
  const tests = [...module.children.allTests("failed")].map((test) => [test.fullName, test.result().errors]);
  return [
    ["does not load, or a hook of the file fails", module.errors()],
    ...suites.filter(([, errors]) => errors.length > 0),
    ...tests,
  ].flatMap(([what, errors]) =>
    errors.slice(0, 1).map(({ message }) => failureLine(`${file}: ${what}`, message)),
  );
}
