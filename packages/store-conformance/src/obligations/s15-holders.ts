import assert from "node:assert/strict";
import { at, claimOf, storedOf, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

export const holders = [
  storeTest(
    "S15",
    "holder i holds the identity of record i, with free identities and twins mixed",
    async (t) => {
      const [first, second] = [
        t.record({ amount: "12.5" }),
        t.record({ idempotencyKey: null, identifiedBy: "content" }),
      ];
      await t.insert(first, second);
      const free = t.record();
      const found = await t.holders(free, t.again(second), t.again(first, { amount: "13" }), t.again(second));
      const held = (record: typeof first) => ({ claim: claimOf(record), event: storedOf(record) });
      assert.deepEqual(found, [null, held(second), held(first), held(second)]);
    },
  ),

  storeTest(
    "S15",
    "a lookup of holders writes nothing, so a record without a holder can still be inserted",
    async (t) => {
      const [record, windowed] = [t.record(), t.windowed(at(0))];
      const failure = t.failure(record);
      await t.park(failure);
      assert.deepEqual(await t.holders(record, record, windowed), [null, null, null]);
      assert.equal(await t.counted(), 0);
      assert.deepEqual(await t.get(failure.id), failure);
      assert.deepEqual(await t.verdicts(record, windowed), ["inserted", "inserted"]);
    },
  ),

  storeTest("S15", "a claim that has lapsed when the record arrives is not a holder", async (t) => {
    const first = t.windowed(at(0));
    await t.insert(first);
    const held = { claim: claimOf(first), event: storedOf(first) };
    const asked = [WINDOW_MS - 1, WINDOW_MS, -1].map((ms) => t.again(first, { receivedAt: at(ms) }));
    assert.deepEqual(await t.holders(...asked), [held, null, held]);
  }),

  storeTest("S15", "a holder in another tenant is not returned", async (t) => {
    const record = t.record();
    await t.insert(record);
    assert.deepEqual(await t.holders({ ...record, tenantId: "other tenant" }), [null]);
  }),

  storeTest(
    "S15",
    "the holder of a pruned event has its claim and no event",
    async (t) => {
      const record = t.record();
      await t.insert(record);
      await t.prune();
      assert.deepEqual(await t.holders(t.again(record)), [{ claim: claimOf(record), event: null }]);
    },
    "prune",
  ),
];
