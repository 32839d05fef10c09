import { describe, expect, test } from "vitest";
import { expectedTests, missingFrom } from "../../scripts/expected-tests.mjs";
import { countTests } from "../../scripts/test-counts.mjs";

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

  test("a run that lost tests says which", () => {
    expect(missingFrom({ ...expectedTests }, ["unit", "pg"])).toEqual([]);
    expect(missingFrom({ ...expectedTests, pg: 0 }, ["unit", "pg"])).toEqual([
      `pg: only 0 tests ran; at least ${expectedTests.pg} are expected`,
    ]);
  });
});
