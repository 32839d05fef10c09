import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expectedTests, missingFrom } from "../../scripts/expected-tests.mjs";
import { slowestFiles } from "../../scripts/slowest-files.mjs";
import { countTests } from "../../scripts/test-counts.mjs";
import { root } from "../../scripts/workspace.mjs";

const file = (name: string, ...statuses: string[]) => ({
  name,
  status: statuses.includes("failed") ? "failed" : "passed",
  assertionResults: statuses.map((status) => ({ status })),
});

describe("the counts of a run", () => {
  test("tests are counted by the suffix of their file", () => {
    const files = [
      file("/a/amount.test.ts", "passed", "failed"),
      file("/a/decimal.prop.test.ts", "passed"),
      file("/a/store.pg.test.ts", "passed"),
      file("/a/page.browser.test.ts", "passed", "skipped"),
    ];
    expect(countTests(files, 1)).toMatchObject({
      passed: 4,
      failed: 1,
      skipped: 1,
      ran: { unit: 3, pg: 1, browser: 1 },
    });
  });

  test("a file that does not load is a failure", () => {
    expect(countTests([{ ...file("/a/amount.test.ts"), status: "failed" }], 1)).toMatchObject({ failed: 1 });
  });

  test("a failed run without a failed test is a failure", () => {
    expect(countTests([file("/a/amount.test.ts", "passed")], 1)).toMatchObject({ passed: 1, failed: 1 });
    expect(countTests([], 1)).toMatchObject({ passed: 0, failed: 1 });
  });

  test("a run with missing tests names their project", () => {
    expect(missingFrom({ ...expectedTests }, ["unit", "pg"])).toEqual([]);
    expect(missingFrom({ ...expectedTests, pg: expectedTests.pg + 1 }, ["unit", "pg"])).toEqual([]);
    expect(missingFrom({ ...expectedTests, pg: 0 }, ["unit", "pg"])).toEqual([
      expect.stringContaining(`pg: only 0 tests ran, and ${expectedTests.pg} are recorded`),
    ]);
  });
});

test("the slowest files are listed with their seconds, slowest first", () => {
  const timed = [1_500, 12_340, 900].map((ms, n) => ({
    name: join(root, "test", `${n}.test.ts`),
    startTime: 10,
    endTime: 10 + ms,
  }));
  expect(slowestFiles(timed, 2)).toEqual(["   12.3 s  test/1.test.ts", "    1.5 s  test/0.test.ts"]);
});
