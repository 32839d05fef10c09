import assert from "node:assert/strict";
import type { Ability, StoreHarness, StoreUnderTest } from "./harness.js";
import { Trial } from "./trial.js";

/**
 * The number of an obligation in the docstrings of `Store`. Other tests have `call` (rules for every method), `model`
 * (compares the store with a model) or `harness` (checks the harness).
 */
export type ObligationId =
  | "S1"
  | "S2"
  | "S3"
  | "S4"
  | "S5a"
  | "S5b"
  | "S6"
  | "S7"
  | "S8"
  | "S9"
  | "S10"
  | "S11"
  | "S12"
  | "S13"
  | "S14"
  | "S15"
  | "S16"
  | "S17"
  | "S18"
  | "S19"
  | "S20"
  | "S21"
  | "S22"
  | "S23"
  | "S24"
  | "call"
  | "model"
  | "harness";

/** One test, for any test runner. */
export interface StoreTest {
  readonly id: ObligationId;
  /**
   * A fact with its number, such as `S2: exactly one of several concurrent inserts of one identity wins`. Each title
   * is unique.
   */
  readonly title: string;
  /** The ability that the test needs, or `null` if the test applies to every store. */
  readonly needs: Ability | null;
  /** Runs the test. Rejects if the fact is false: with an `AssertionError`, or with the store's error. */
  run(harness: StoreHarness): Promise<void>;
}

type Body = (trial: Trial, harness: StoreHarness) => Promise<void>;

/** Creates a test that runs on a new store. The store is always disposed of. */
export function storeTest(
  id: ObligationId,
  fact: string,
  body: Body,
  needs: Ability | null = null,
): StoreTest {
  return { id, title: `${id}: ${fact}`, needs, run: (harness) => onFreshStore(harness, needs, body) };
}

async function onFreshStore(harness: StoreHarness, needs: Ability | null, body: Body): Promise<void> {
  const created = await harness.create();
  try {
    if (needs !== null) assertAble(created, needs);
    await body(new Trial(created), harness);
  } finally {
    await created.dispose();
  }
}

function assertAble(created: StoreUnderTest, ability: Ability): void {
  const hint = `this test needs \`${ability}\`: return it from create(), or give a reason in \`without\``;
  assert.ok(created[ability] !== undefined, hint);
}

/**
 * Returns why a test does not apply to this store, or `null` if it does apply.
 *
 * @example
 * ```js
 * const reason = notApplicable(storeTest, harness);
 * test(storeTest.title, { skip: reason ?? false }, () => storeTest.run(harness));
 * ```
 */
export function notApplicable(test: StoreTest, harness: StoreHarness): string | null {
  return test.needs === null ? null : (harness.without?.[test.needs] ?? null);
}
