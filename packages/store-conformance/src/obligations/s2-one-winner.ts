import assert from "node:assert/strict";
import type { InsertOutcome } from "@evt/core/store";
import { at, storedOf } from "../samples.js";
import { storeTest } from "../store-test.js";

const CALLS = 50;

export const oneWinner = [
  storeTest("S2", "exactly one of several concurrent inserts of one identity wins", async (t) => {
    const first = t.record({ amount: "7" });
    const records = [first, ...Array.from({ length: CALLS - 1 }, () => t.again(first))];
    const outcomes = await Promise.all(records.map((record) => t.insertOne(record)));
    assert.equal(wonBy(outcomes), 1);
    assert.equal((await t.list()).length, 1, "one event is stored");
    assert.equal(await t.counted(), 1, "one event is counted");
  }),

  storeTest(
    "S2",
    "exactly one of several concurrent inserts of one key with two contents wins",
    async (t) => {
      const first = t.record();
      const records = Array.from({ length: CALLS }, (_, index) => t.again(first, { amount: `${index % 2}` }));
      const outcomes = await Promise.all(records.map((record) => t.insertOne(record)));
      assert.equal(wonBy(outcomes), 1);
      const winner = records[outcomes.findIndex(({ outcome }) => outcome === "inserted")];
      assert.equal((await t.get(first.id))?.amount, winner?.amount, "the winner's event is stored");
      assert.equal(await t.counted(), 1);
    },
  ),

  storeTest(
    "S2",
    "batches with the same identities in opposite orders do not deadlock, and each identity is won once",
    async (t) => {
      const events = t.records(40);
      const batches = Array.from({ length: 8 }, (_, batch) => {
        const records = events.map((event) => t.again(event));
        return batch % 2 === 0 ? records : records.reverse();
      });
      const outcomes = await Promise.all(batches.map((batch) => t.insert(...batch)));
      assert.equal(wonBy(outcomes.flat()), events.length);
      assert.deepEqual([...(await t.listedIds())].sort(), events.map(({ id }) => id).sort());
      assert.equal(await t.counted(), events.length);
    },
  ),

  storeTest(
    "S2",
    "a taken identity remains taken after any later call, and its event does not change",
    async (t) => {
      const first = t.record();
      await t.insert(first);
      const tenYears = 10 * 365 * 24 * 3_600_000;
      const later = [
        t.again(first),
        t.again(first, { amount: "2" }),
        t.again(first, { receivedAt: at(tenYears) }),
        t.again(first, { receivedAt: at(-1) }),
        t.again(first, { rawJson: null, metric: "another" }),
      ];
      for (const record of later) assert.deepEqual(await t.verdicts(record), [first.id]);
      assert.deepEqual(await t.list(), [storedOf(first)]);
      assert.equal(await t.counted(), 1);
    },
  ),
];

function wonBy(outcomes: readonly InsertOutcome[]): number {
  return outcomes.filter(({ outcome }) => outcome === "inserted").length;
}
