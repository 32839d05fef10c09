import assert from "node:assert/strict";
import type { EventRecord, InsertOutcome } from "@evt/core";
import { at, INSERTED, takenBy } from "../samples.js";
import { storeTest } from "../store-test.js";

const CALLS = 50;

export const oneWinner = [
  storeTest("S2", "of concurrent inserts of one identity exactly one wins", async (t) => {
    const first = t.record({ amount: "7" });
    const records = [first, ...Array.from({ length: CALLS - 1 }, () => t.again(first))];
    const outcomes = await Promise.all(records.map((record) => t.insertOne(record)));
    assertOneWinner(records, outcomes);
    assert.equal((await t.list()).length, 1, "one event is stored");
    assert.deepEqual(
      (await t.totals()).map(({ count, sum }) => ({ count, sum })),
      [{ count: 1, sum: "7" }],
    );
  }),

  storeTest(
    "S2",
    "of concurrent inserts of one key with two contents one wins, and all others are shown it",
    async (t) => {
      const one = t.record({ amount: "1" });
      const records = Array.from({ length: CALLS }, (_, index) =>
        t.again(one, { amount: index % 2 === 0 ? "1" : "2" }),
      );
      const outcomes = await Promise.all(records.map((record) => t.insertOne(record)));
      assertOneWinner(records, outcomes);
    },
  ),

  storeTest(
    "S2",
    "batches that share identities in opposite orders all end, and each identity is won once",
    async (t) => {
      const events = t.records(40);
      const batches = Array.from({ length: 8 }, (_, batch) => {
        const records = events.map((event) => t.again(event));
        return batch % 2 === 0 ? records : records.reverse();
      });
      const answers = await Promise.all(batches.map((batch) => t.insert(...batch)));
      const answered = batches.flatMap((batch, index) =>
        batch.map((record, place) => ({ record, outcome: answers[index]?.[place] })),
      );
      for (const { identity } of events) {
        const ofIdentity = answered.filter(({ record }) => record.identity === identity);
        assertOneWinner(
          ofIdentity.map(({ record }) => record),
          ofIdentity.map(({ outcome }) => outcome),
        );
      }
      assert.equal(await t.counted(), events.length);
    },
  ),

  storeTest(
    "S2",
    "an identity that is taken stays taken, however late and whatever comes, and its event unchanged",
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
      for (const record of later) assert.deepEqual(await t.insertOne(record), takenBy(first));
      assert.equal(await t.counted(), 1);
    },
  ),
];

/** One record of one identity was inserted, and all others were answered with it. */
function assertOneWinner(
  records: readonly EventRecord[],
  outcomes: readonly (InsertOutcome | undefined)[],
): void {
  const winners = records.filter((_, index) => outcomes[index]?.outcome === "inserted");
  const [winner] = winners;
  assert.ok(winner !== undefined && winners.length === 1, `one wins; ${winners.length} did`);
  outcomes.forEach((outcome, index) => {
    assert.deepEqual(outcome, records[index] === winner ? INSERTED : takenBy(winner));
  });
}
