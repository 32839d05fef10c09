import assert from "node:assert/strict";
import type { Entry } from "@evt/core/store";
import { expectedPage } from "../model/expected-page.js";
import { at, storedOf } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";
import { ALL, walk } from "./listed-entries.js";

/** Tests of pages with a limit for raw events. */
export const pagesWithRaws = [
  storeTest(
    "S10",
    "a page ends before a raw event that does not fit, and paging shows every entry with its raw event",
    async (t) => {
      const stored = await fillWithRaws(t);
      for (const rawChars of [1, 100, 101, 250, 10_000]) {
        for (const limit of [2, 5, 100]) {
          const query = { ...ALL, limit };
          const call = { ...t.call, rawChars };
          const page = await t.store.list(query, call);
          assert.deepEqual(page, expectedPage(stored, query, rawChars), `${limit} of ${rawChars} characters`);
          assert.deepEqual(await walk(t, query, undefined, rawChars), expectedPage(stored, ALL).entries);
        }
      }
    },
  ),

  storeTest(
    "S10",
    "if `rawChars` is 0, a page has all its entries without raw events, and marks the omitted ones",
    async (t) => {
      const stored = await fillWithRaws(t);
      for (const limit of [3, 100]) {
        const query = { ...ALL, limit };
        const page = await t.store.list(query, { ...t.call, rawChars: 0 });
        assert.deepEqual(page, expectedPage(stored, query, 0));
      }
    },
  ),

  storeTest(
    "S10",
    "skipped entries are counted from the position, regardless of the size of their raw events",
    async (t) => {
      const stored = await fillWithRaws(t);
      const [first] = await t.list({ limit: 1 });
      assert.ok(first !== undefined);
      for (const skip of [0, 1, 5, stored.length - 1, stored.length, 1_000]) {
        for (const query of [
          { ...ALL, skip, limit: 3 },
          { ...ALL, skip, limit: 3, after: first },
        ]) {
          const page = await t.store.list(query, { ...t.call, rawChars: 150 });
          assert.deepEqual(page, expectedPage(stored, query, 150), `${skip} skipped`);
        }
      }
    },
  ),
];

/** Stores counted and parked events with raw events of 50, 100, … characters, or none. */
async function fillWithRaws(t: Trial): Promise<readonly Entry[]> {
  const rawOf = (index: number) => (index % 4 === 0 ? null : `"${"x".repeat(50 * (index % 4) - 2)}"`);
  const records = Array.from({ length: 8 }, (_, index) =>
    t.record({ receivedAt: at(index % 3), rawJson: rawOf(index) }),
  );
  const parked = Array.from({ length: 8 }, (_, index) =>
    t.rejected({ receivedAt: at(index % 3), lastAttemptAt: at(index % 3), rawJson: rawOf(index) }),
  );
  await t.insert(...records);
  await t.park(...parked);
  return [...records.map(storedOf), ...parked];
}
