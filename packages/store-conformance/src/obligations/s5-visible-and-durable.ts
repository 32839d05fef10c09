import assert from "node:assert/strict";
import { at, storedOf, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

export const visibleAndDurable = [
  storeTest("S5a", "an inserted event is visible to every later call", async (t) => {
    for (let round = 1; round <= 10; round++) {
      const record = t.record();
      assert.equal(await t.get(record.id), null);
      await t.insert(record);
      const [entry, ids, count, verdicts] = await Promise.all([
        t.get(record.id),
        t.listedIds(),
        t.counted(),
        t.verdicts(t.again(record)),
      ]);
      assert.deepEqual(entry, storedOf(record), "the event is found by its ID");
      assert.ok(ids.includes(record.id), "the event is in the list");
      assert.equal(count, round, "the event is in the totals");
      assert.deepEqual(verdicts, [record.id], "in an insert");
    }
  }),

  storeTest("S5a", "a parked event is visible to every later call", async (t) => {
    for (let round = 0; round < 10; round++) {
      const event = t.rejected();
      assert.equal(await t.get(event.id), null);
      await t.park(event);
      const [entry, ids] = await Promise.all([t.get(event.id), t.listedIds()]);
      assert.deepEqual(entry, event, "the event is found by its ID");
      assert.ok(ids.includes(event.id), "the event is in the list");
    }
  }),

  storeTest(
    "S5b",
    "events, claims, totals and parked events survive a reopen",
    async (t) => {
      const record = t.record({ amount: "1" });
      const windowed = t.windowed(at(0), { amount: "2" });
      const failure = t.failure(t.record());
      const rejected = t.rejected();
      await t.insert(record, windowed);
      await t.park(failure, rejected, rejected);
      const before = await t.list();
      await t.reopen();

      assert.deepEqual(await t.list(), before, "the list does not change");
      assert.deepEqual(
        (await t.totals()).map(({ count, sum }) => ({ count, sum })),
        [{ count: 2, sum: "3" }],
      );
      assert.deepEqual(await t.verdicts(t.again(record)), [record.id], "a claim still holds its identity");
      const late = t.again(windowed, { receivedAt: at(2 * WINDOW_MS) });
      assert.deepEqual(
        await t.verdicts(late),
        ["inserted"],
        "a claim lapses at the same time as without the reopen",
      );
      await t.park(rejected);
      assert.equal((await t.getParked(rejected.id)).attempts, 3, "the count of attempts continues");
    },
    "reopen",
  ),

  storeTest(
    "S5b",
    "a failure is resolved by an insert after a reopen",
    async (t) => {
      const record = t.record();
      const failure = t.failure(record);
      await t.park(failure);
      await t.reopen();
      await t.insert(record);
      await t.reopen();
      assert.deepEqual(await t.listedIds(), [record.id]);
      assert.deepEqual(await t.verdicts(record), [record.id]);
    },
    "reopen",
  ),
];
