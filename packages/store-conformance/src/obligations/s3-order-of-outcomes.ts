import assert from "node:assert/strict";
import { at, verdicts, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

export const orderOfOutcomes = [
  storeTest("S3", "outcome i belongs to record i in a call of 1,000 taken and free identities", async (t) => {
    const earlier = t.records(300);
    await t.insert(...earlier);
    const records = Array.from({ length: 1_000 }, (_, index) => {
      // a step of 7, which is coprime to 300, visits all earlier records in another order
      const holder = index % 3 === 0 ? earlier[((index / 3) * 7) % 300] : undefined;
      return { holder, record: holder === undefined ? t.record() : t.again(holder) };
    });
    const outcomes = await t.insert(...records.map(({ record }) => record));
    const expected = records.map(({ holder }) => holder?.id ?? "inserted");
    assert.deepEqual(verdicts(outcomes), expected);
  }),

  storeTest(
    "S3",
    "the first of several twins in a call is inserted, and the others find its event",
    async (t) => {
      const a = t.record();
      const b = t.record();
      const outcomes = await t.insert(a, t.again(a), b, t.again(a), t.again(b));
      assert.deepEqual(verdicts(outcomes), ["inserted", a.id, "inserted", a.id, b.id]);
      assert.equal((await t.list()).length, 2);
      assert.equal(await t.counted(), 2);
    },
  ),

  storeTest(
    "S3",
    "if two events in a call have one key and different content, the first is inserted",
    async (t) => {
      for (const [first, second] of [
        ["1", "2"],
        ["2", "1"],
      ] as const) {
        const record = t.record({ amount: first });
        const outcomes = await t.insert(record, t.again(record, { amount: second }));
        assert.deepEqual(verdicts(outcomes), ["inserted", record.id]);
        assert.equal((await t.get(record.id))?.amount, first);
      }
    },
  ),

  storeTest("S3", "if the identity of two twins in a call is taken, both get its holder", async (t) => {
    const holder = t.record();
    await t.insert(holder);
    const outcomes = await t.insert(t.again(holder), t.record(), t.again(holder));
    assert.deepEqual(verdicts(outcomes), [holder.id, "inserted", holder.id]);
  }),

  storeTest("S3", "a claim that a call makes or finds does not lapse during the call", async (t) => {
    const made = t.windowed(at(0));
    const madeAgain = t.again(made, { receivedAt: at(2 * WINDOW_MS) });
    assert.deepEqual(await t.verdicts(made, madeAgain), ["inserted", made.id]);

    const found = t.windowed(at(0));
    await t.insert(found);
    const within = t.again(found, { receivedAt: at(1) });
    const beyond = t.again(found, { receivedAt: at(2 * WINDOW_MS) });
    assert.deepEqual(await t.verdicts(within, beyond), [found.id, found.id]);
  }),
];
