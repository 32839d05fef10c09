import assert from "node:assert/strict";
import type { Ability, StoreHarness, StoreUnderTest } from "./harness.js";
import { Trial } from "./trial.js";

/** An obligation of the seam by its number; or `call`, what every call owes; `model`, all at once; `harness`, the harness itself. */
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
  | "call"
  | "model"
  | "harness";

/** One test, for any runner. */
export interface StoreTest {
  readonly id: ObligationId;
  /** A fact, with its number: `S2: of concurrent inserts of one identity exactly one wins`. Unique. */
  readonly title: string;
  /** What a store must be able to do for the obligation to concern it. */
  readonly needs: Ability | null;
  /** Rejects with an `AssertionError`, or whatever the store rejected with, where the fact does not hold. */
  run(harness: StoreHarness): Promise<void>;
}

type Body = (trial: Trial, harness: StoreHarness) => Promise<void>;

/** A test over one fresh store, which is disposed of whatever happens. */
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
  const hint = `this test needs \`${ability}\`: give it in create(), or say in \`without\` why the store has none`;
  assert.ok(created[ability] !== undefined, hint);
}

/** Why a test does not concern this store; `null` where it does, as almost all do. */
export function notApplicable(test: StoreTest, harness: StoreHarness): string | null {
  return test.needs === null ? null : (harness.without?.[test.needs] ?? null);
}
