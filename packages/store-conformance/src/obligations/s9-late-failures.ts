import assert from "node:assert/strict";
import { at, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

/** Failures that are parked after their event was counted. */
export const lateFailures = [
  storeTest("S9", "a failure whose event is already counted is resolved when it is parked", async (t) => {
    const record = t.record();
    await t.insert(record);
    for (const receivedAt of [at(0), at(-60_000), at(60_000)]) {
      const failure = t.failure(record, { id: t.record().identity, receivedAt, lastAttemptAt: receivedAt });
      await t.park(failure);
      assert.notEqual(
        (await t.getParked(failure.id)).resolvedAt,
        null,
        `the failure that was received at ${receivedAt} is resolved`,
      );
    }
    assert.deepEqual(await t.listedIds(), [record.id]);
  }),

  storeTest("S9", "a failure is open if its identity was counted with different content", async (t) => {
    const record = t.record({ amount: "1" });
    await t.insert(record);
    const failure = t.failure(t.again(record, { amount: "2" }));
    await t.park(failure);
    assert.deepEqual(await t.get(failure.id), failure);
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [failure.id]);
  }),

  storeTest("S9", "a rejected or conflicting event is not resolved by a counted event", async (t) => {
    const record = t.record();
    await t.insert(record);
    const rejected = t.failure(record, { status: "rejected", id: t.record().identity, error: null });
    const conflict = t.failure(record, { status: "conflict", id: t.record().identity, error: null });
    await t.park(rejected, conflict);
    assert.equal((await t.list({ statuses: ["rejected", "conflict"] })).length, 2);
  }),

  storeTest(
    "S9",
    "a claim that had lapsed when a failure arrived does not resolve it; an active claim does",
    async (t) => {
      const record = t.windowed(at(0));
      await t.insert(record);
      const atEdge = t.failure(record, { id: t.record().identity, receivedAt: at(WINDOW_MS) });
      const within = t.failure(record, { id: t.record().identity, receivedAt: at(WINDOW_MS - 1) });
      await t.park(atEdge, within);
      assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [atEdge.id]);
    },
  ),

  storeTest(
    "S9",
    "a resolved failure that fails again after its claim has lapsed is open again",
    async (t) => {
      const record = t.windowed(at(0));
      const failure = t.failure(record);
      await t.park(failure);
      await t.insert(record);
      const later = at(WINDOW_MS + 1);
      await t.park({ ...failure, receivedAt: later, lastAttemptAt: later });
      const expected = { ...failure, attempts: 2, lastAttemptAt: later };
      assert.deepEqual(await t.list({ statuses: ["failed"] }), [expected]);
      assert.deepEqual(await t.insert(t.again(record, { receivedAt: later })), [{ outcome: "inserted" }]);
      assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [], "an insert resolves the failure");
    },
  ),

  storeTest(
    "S9",
    "a failure whose counted event was pruned is resolved when it is parked",
    async (t) => {
      const record = t.record();
      await t.insert(record);
      await t.prune();
      const failure = t.failure(record);
      await t.park(failure);
      assert.notEqual((await t.getParked(failure.id)).resolvedAt, null);
    },
    "prune",
  ),
];
