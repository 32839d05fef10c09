import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { failureLines } from "../../scripts/failure-reporter.mjs";
import { tally } from "../../scripts/tally.mjs";
import { root } from "../../scripts/workspace.mjs";

interface Failing {
  readonly fullName: string;
  readonly message: string;
}

/** A test file as vitest reports it. */
function file(name: string, failing: { tests?: Failing[]; suites?: Failing[]; messages?: string[] } = {}) {
  const errorsOf = ({ message }: Failing) => [{ message }];
  const suites = (failing.suites ?? []).map((one) => ({ ...one, errors: () => errorsOf(one) }));
  const tests = (failing.tests ?? []).map((one) => ({ ...one, result: () => ({ errors: errorsOf(one) }) }));
  return {
    moduleId: join(root, name),
    errors: () => (failing.messages ?? []).map((message) => ({ message })),
    children: {
      allSuites: () => [{ fullName: "sound", errors: () => [] }, ...suites],
      allTests: (state: string) => (state === "failed" ? tests : []),
    },
  };
}

describe("the lines of a failed run of tests", () => {
  test("there is none if nothing failed", () => {
    expect(failureLines([file("test/a.test.ts")], [])).toEqual([]);
  });

  test("each failed test, suite and file has a line with the first line of its message", () => {
    const failing = {
      tests: [{ fullName: "a > adds", message: "\nexpected 1 to be 2\n  at a.test.ts" }],
      suites: [{ fullName: "b", message: "no database" }],
      messages: ["Cannot find module './x.js'"],
    };
    expect(failureLines([file("test/a.test.ts", failing)], [])).toEqual([
      "✗ test/a.test.ts: does not load, or a hook of the file fails: Cannot find module './x.js'",
      "✗ test/a.test.ts: b: no database",
      "✗ test/a.test.ts: a > adds: expected 1 to be 2",
    ]);
  });

  test("an error outside tests has a line, with its file if it is known", () => {
    const errors = [
      { message: "terminated" },
      { message: "late", VITEST_TEST_PATH: join(root, "test/a.test.ts") },
    ];
    expect(failureLines([], errors)).toEqual([
      "✗ an unhandled error: terminated",
      "✗ test/a.test.ts: an unhandled error: late",
    ]);
  });
});

test("a check that fails or throws has a line with its name and the first lines of its output", async () => {
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  const counts = await tally({
    sound: async () => "",
    wrong: async () => "\u001b[1mUnused files (2)\u001b[0m\n\na.ts\nb.ts",
    broken: () => Promise.reject(Object.assign(new Error(), { stack: "Error: no npm\n    at check.mjs" })),
  });
  const lines = printed.mock.calls.map(([line]) => String(line));
  printed.mockRestore();
  expect(counts).toEqual({ passed: 1, failed: 2 });
  expect(lines.filter((line) => /^[✓✗] /.test(line))).toEqual([
    "✓ sound",
    "✗ wrong: Unused files (2) a.ts",
    "✗ broken: Error: no npm at check.mjs",
  ]);
});

test("groups of checks run at the same time, and their lines are in the order of the groups", async () => {
  const printed = vi.spyOn(console, "log").mockImplementation(() => undefined);
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const counts = await tally(
    { waits: () => ended.then(() => "") },
    {
      fails: () => Promise.reject(new Error("no npm")),
      ends: async () => {
        end();
        return "";
      },
    },
  );
  const lines = printed.mock.calls.map(([line]) => String(line));
  printed.mockRestore();
  expect(counts).toEqual({ passed: 2, failed: 1 });
  expect(lines.filter((line) => /^[✓✗] /.test(line)).map((line) => line.split(":")[0])).toEqual([
    "✓ waits",
    "✗ fails",
    "✓ ends",
  ]);
});
