import assert from "node:assert/strict";
import type { Entry, EventRecord } from "@evt/core/store";
import { withoutRaw } from "../model/expected-page.js";
import { storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

/** Limits for the raw events of {@link insertThree}, and which of the events are returned. */
const BUDGETS: readonly (readonly [rawChars: number, shown: readonly [boolean, boolean, boolean]])[] = [
  [0, [false, false, false]],
  [1, [true, false, false]],
  [10, [true, false, false]],
  [29, [true, false, false]],
  [30, [true, true, false]],
  [34, [true, true, false]],
  [35, [true, true, true]],
  [1_000, [true, true, true]],
];

export const rawTexts = [
  storeTest(
    "S19",
    "a lookup returns raw events up to `rawChars`, and always the first one if `rawChars` is above 0",
    async (t) => {
      const records = await insertThree(t);
      const ids = records.map(({ id }) => id);
      for (const [rawChars, shown] of BUDGETS) {
        const entries = await t.store.get(TENANT, ids, { ...t.call, rawChars });
        assert.deepEqual(entries, expected(records.map(storedOf), shown), `rawChars ${rawChars}`);
      }
    },
  ),

  storeTest("S19", "holders have their raw events up to `rawChars`", async (t) => {
    const records = await insertThree(t);
    const asked = records.map((record) => t.again(record, { rawJson: null }));
    for (const [rawChars, shown] of BUDGETS) {
      const found = await t.store.holders(asked, { ...t.call, rawChars });
      assert.deepEqual(
        found.map((holder) => holder?.event),
        expected(records.map(storedOf), shown),
        `rawChars ${rawChars}`,
      );
    }
  }),

  storeTest("S19", "an entry without a raw event uses none of the limit and is not marked", async (t) => {
    const [long, none] = [t.record({ rawJson: jsonOf(100) }), t.record({ rawJson: null })];
    const parked = t.rejected({ rawJson: jsonOf(50) });
    await t.insert(long, none);
    await t.park(parked);
    const ids = [none.id, parked.id, long.id];
    const entries = await t.store.get(TENANT, ids, { ...t.call, rawChars: 1 });
    assert.deepEqual(entries, [storedOf(none), parked, withoutRaw(storedOf(long))]);
  }),

  storeTest("S19", "raw events with multi-byte characters do not exceed `rawChars`", async (t) => {
    const records = Array.from({ length: 4 }, () => t.record({ rawJson: `"${"é€😀".repeat(10)}"` }));
    await t.insert(...records);
    const ids = records.map(({ id }) => id);
    const entries = await t.store.get(TENANT, ids, { ...t.call, rawChars: 100 });
    const chars = entries.reduce((sum, entry) => sum + (entry?.rawJson?.length ?? 0), 0);
    assert.ok(chars > 0 && chars <= 100, `${chars} characters are returned`);
  }),
];

/** Inserts three events with raw events of 10, 20 and 5 characters. */
async function insertThree(t: Trial): Promise<readonly EventRecord[]> {
  const records = [10, 20, 5].map((length) => t.record({ rawJson: jsonOf(length) }));
  await t.insert(...records);
  return records;
}

const jsonOf = (length: number): string => `"${"x".repeat(length - 2)}"`;

function expected(events: readonly Entry[], shown: readonly boolean[]): readonly Entry[] {
  return events.map((event, i) => (shown[i] ? event : withoutRaw(event)));
}
