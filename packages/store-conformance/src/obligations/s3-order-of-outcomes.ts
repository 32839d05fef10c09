import assert from "node:assert/strict";
import { at, INSERTED, takenBy, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

export const orderOfOutcomes = [
  storeTest("S3", "outcome i answers record i in a call of 1,000, taken and free ones mixed", async (t) => {
    const earlier = t.records(300);
    await t.insert(...earlier);
    const records = Array.from({ length: 1_000 }, (_, index) => {
      // a step that is prime to 300 visits the earlier ones in an order that is not theirs
      const holder = index % 3 === 0 ? earlier[((index / 3) * 7) % 300] : undefined;
      return { holder, record: holder === undefined ? t.record() : t.again(holder) };
    });
    const expected = records.map(({ holder }) => (holder === undefined ? INSERTED : takenBy(holder)));
    assert.deepEqual(await t.insert(...records.map(({ record }) => record)), expected);
    assert.equal(await t.counted(), 300 + records.filter(({ holder }) => holder === undefined).length);
  }),

  storeTest(
    "S3",
    "of twins in one call the first decides, and the others are answered with it",
    async (t) => {
      const a = t.record();
      const b = t.record();
      const outcomes = await t.insert(a, t.again(a), b, t.again(a), t.again(b));
      assert.deepEqual(outcomes, [INSERTED, takenBy(a), INSERTED, takenBy(a), takenBy(b)]);
      assert.equal((await t.list()).length, 2);
      assert.equal(await t.counted(), 2);
    },
  ),

  storeTest("S3", "of one key with two contents in one call the first decides", async (t) => {
    const first = t.record({ amount: "1" });
    const second = t.again(first, { amount: "2" });
    assert.deepEqual(await t.insert(first, second), [INSERTED, takenBy(first)]);
    const other = t.record({ amount: "2" });
    assert.deepEqual(await t.insert(other, t.again(other, { amount: "1" })), [INSERTED, takenBy(other)]);
  }),

  storeTest(
    "S3",
    "twins in one call whose identity is taken are both answered with its holder",
    async (t) => {
      const holder = t.record();
      await t.insert(holder);
      assert.deepEqual(await t.insert(t.again(holder), t.record(), t.again(holder)), [
        takenBy(holder),
        INSERTED,
        takenBy(holder),
      ]);
    },
  ),

  storeTest("S3", "a claim made or found in a call does not lapse within it", async (t) => {
    const made = t.windowed(at(0));
    const madeAgain = t.again(made, { receivedAt: at(2 * WINDOW_MS) });
    assert.deepEqual(await t.insert(made, madeAgain), [INSERTED, takenBy(made)]);

    const found = t.windowed(at(0));
    await t.insert(found);
    const within = t.again(found, { receivedAt: at(WINDOW_MS - 1) });
    const beyond = t.again(found, { receivedAt: at(WINDOW_MS) });
    assert.deepEqual(await t.insert(within, beyond), [takenBy(found), takenBy(found)]);
  }),
];
