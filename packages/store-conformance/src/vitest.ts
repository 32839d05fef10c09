import { describe, it } from "vitest";
import type { StoreHarness } from "./harness.js";
import { notApplicable } from "./store-test.js";
import { storeTests } from "./store-tests.js";

/** Options of `describeStore`. */
export interface DescribeOptions {
  /** The time limit of one test, in milliseconds. @defaultValue 60_000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Tests a store with vitest: one test for each of `storeTests`. Tests that do not apply are skipped, with the reason in
 * their title.
 *
 * @example
 * ```ts
 * describeStore("MyStore", {
 *   create: async () => {
 *     const store = await MyStore.open(`test-${crypto.randomUUID()}`);
 *     return { store, reopen: () => store.restart(), dispose: () => store.drop() };
 *   },
 *   without: {
 *     prune: "never removes events",
 *     poison: "accepts every record",
 *     replay: "does not replay",
 *   },
 * });
 * ```
 */
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
