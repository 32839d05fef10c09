import assert from "node:assert/strict";
import { at, storedOf, TENANT, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

const OTHER = "other tenant";

export const lookup = [
  storeTest("S14", "ids of another tenant are unknown", async (t) => {
    const record = t.record();
    const windowed = t.windowed(at(0));
    const event = t.rejected();
    await t.insert(record, windowed);
    await t.park(event);
    await t.insert(t.record({ tenantId: OTHER }));
    const ids = [record.id, windowed.id, event.id, t.record().id];
    for (const tenantId of [OTHER, "a tenant of nothing"]) {
      const entries = await t.store.get(tenantId, ids, t.call);
      assert.deepEqual(entries, [null, null, null, null], tenantId);
    }
  }),

  storeTest("S14", "entries of another tenant are in no list and no total", async (t) => {
    await t.insert(t.record());
    await t.park(t.rejected());
    assert.deepEqual(await t.list({ tenantId: OTHER }), []);
    assert.equal(await t.counted({ tenantId: OTHER, byClientId: true, byMetric: true }), 0);
  }),

  storeTest(
    "S14",
    "entry i belongs to id i, with counted, parked, unknown and repeated ids mixed",
    async (t) => {
      const record = t.record();
      const event = t.rejected();
      const failure = t.failure(t.record());
      await t.insert(record);
      await t.park(event, failure);
      const unknown = t.record().id;
      const ids = [event.id, unknown, record.id, failure.id, record.id, event.id];
      const expected = [event, null, storedOf(record), failure, storedOf(record), event];
      assert.deepEqual(await t.store.get(TENANT, ids, t.call), expected);
    },
  ),

  storeTest(
    "S14",
    "an event is found by its id even if another event has taken over its claim",
    async (t) => {
      const windowed = t.windowed(at(0));
      const newcomer = t.again(windowed, { receivedAt: at(2 * WINDOW_MS) });
      await t.insert(windowed);
      await t.insert(newcomer);
      const ids = [windowed.id, newcomer.id];
      assert.deepEqual(await t.store.get(TENANT, ids, t.call), [storedOf(windowed), storedOf(newcomer)]);
    },
  ),

  storeTest("S14", "an identity is not an id: it finds no event that has a different id", async (t) => {
    const windowed = t.windowed(at(0));
    const record = t.record();
    const failure = t.failure(record);
    await t.insert(windowed);
    await t.park(failure);
    assert.equal(await t.get(windowed.identity), null);
    assert.equal(await t.get(record.identity), null);
    assert.deepEqual(await t.get(failure.id), failure);
  }),
];
