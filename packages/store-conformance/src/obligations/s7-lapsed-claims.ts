import assert from "node:assert/strict";
import { at, storedOf, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

export const lapsedClaims = [
  storeTest(
    "S7",
    "a claim that lapses when a new record arrives is free, and both events remain counted",
    async (t) => {
      const first = t.windowed(at(0));
      const second = t.again(first, { receivedAt: at(WINDOW_MS) });
      await t.insert(first);
      assert.deepEqual(await t.verdicts(second), ["inserted"]);
      assert.equal(await t.counted(), 2);
      assert.deepEqual(await t.listedIds(), [second.id, first.id]);
      assert.deepEqual(await t.get(first.id), storedOf(first), "the earlier event is found by its id");
      assert.deepEqual(await t.get(second.id), storedOf(second));
    },
  ),

  storeTest("S7", "a claim that lapses a millisecond after a new record arrives is taken", async (t) => {
    const first = t.windowed(at(0));
    await t.insert(first);
    const second = t.again(first, { receivedAt: at(WINDOW_MS - 1) });
    assert.deepEqual(await t.verdicts(second), [first.id]);
    assert.equal(await t.counted(), 1);
  }),

  storeTest("S7", "a record from a host whose clock is slow finds the claim taken", async (t) => {
    const first = t.windowed(at(0));
    await t.insert(first);
    assert.deepEqual(await t.verdicts(t.again(first, { receivedAt: at(-1_000) })), [first.id]);
  }),

  storeTest("S7", "a record that finds the claim taken does not prolong it", async (t) => {
    const first = t.windowed(at(0));
    await t.insert(first);
    await t.insert(t.again(first, { receivedAt: at(WINDOW_MS - 1) }));
    const second = t.again(first, { receivedAt: at(WINDOW_MS) });
    assert.deepEqual(await t.verdicts(second), ["inserted"]);
  }),

  storeTest("S7", "a claim that was taken over lapses one window later", async (t) => {
    const first = t.windowed(at(0));
    const second = t.again(first, { receivedAt: at(WINDOW_MS + 7) });
    await t.insert(first);
    await t.insert(second);
    const edge = 2 * WINDOW_MS + 7;
    assert.deepEqual(await t.verdicts(t.again(first, { receivedAt: at(edge - 1) })), [second.id]);
    assert.deepEqual(await t.verdicts(t.again(first, { receivedAt: at(edge) })), ["inserted"]);
    assert.equal(await t.counted(), 3);
  }),

  storeTest("S7", "exactly one of several concurrent inserts takes over a lapsed claim", async (t) => {
    const first = t.windowed(at(0));
    await t.insert(first);
    const takers = Array.from({ length: 20 }, (_, index) =>
      t.again(first, { receivedAt: at(WINDOW_MS + (index % 3)) }),
    );
    const outcomes = await Promise.all(takers.map((taker) => t.insertOne(taker)));
    assert.equal(outcomes.filter(({ outcome }) => outcome === "inserted").length, 1);
    assert.equal(await t.counted(), 2);
  }),
];
