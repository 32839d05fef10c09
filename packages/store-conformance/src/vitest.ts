import { describe, it } from "vitest";
import type { StoreHarness } from "./harness.js";
import { notApplicable } from "./store-test.js";
import { storeTests } from "./store-tests.js";

export interface DescribeOptions {
  /** For one test. @defaultValue 60,000 */
  readonly timeoutMs?: number;
}

/** Certifies a store under vitest: one test for each of `storeTests`. What does not concern it is skipped, with the reason in its title. */
export function describeStore(
  name: string,
  harness: StoreHarness,
  { timeoutMs = 60_000 }: DescribeOptions = {},
): void {
  describe(name, () => {
    for (const test of storeTests) {
      const reason = notApplicable(test, harness);
      if (reason === null) it(test.title, () => test.run(harness), timeoutMs);
      else it.skip(`${test.title} (not applicable: ${reason})`);
    }
  });
}
