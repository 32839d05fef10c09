import assert from "node:assert/strict";
import { meanwhile } from "../meanwhile.js";
import { at, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";

export const resolvedFailures = [
  storeTest("S8", "an insert that wins resolves every failure of its identity and content", async (t) => {
    const record = t.record();
    const first = t.failure(record);
    const second = t.failure(record, { id: t.record().identity, receivedAt: at(-5), lastAttemptAt: at(-5) });
    await t.park(first, second);
    assert.equal((await t.list({ statuses: ["failed"] })).length, 2);

    await t.insert(t.again(record, { receivedAt: at(1_000) }));
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [], "no failure is listed as failed");
    assert.deepEqual(await t.listedIds(), [record.id], "the list of all entries has no failure");
    const resolvedAt = at(1_000);
    assert.deepEqual(
      await t.get(first.id),
      { ...first, resolvedAt },
      "each is still stored, with the time at which it was counted",
    );
    assert.deepEqual(await t.get(second.id), { ...second, resolvedAt });
  }),

  storeTest("S8", "a resolved failure does not change if anything is sent again", async (t) => {
    const record = t.record();
    const before = t.failure(record);
    const after = t.failure(record, {
      id: t.record().identity,
      receivedAt: at(2_000),
      lastAttemptAt: at(2_000),
    });
    await t.park(before);
    await t.insert(t.again(record, { receivedAt: at(1_000) }));
    await t.park(after);
    const resolved = [await t.getParked(before.id), await t.getParked(after.id)];
    await t.insert(t.again(record, { receivedAt: at(3_000) }));
    assert.deepEqual([await t.getParked(before.id), await t.getParked(after.id)], resolved);
  }),

  storeTest(
    "S8",
    "an open failure that is parked again and then resolved does not change afterwards",
    async (t) => {
      const record = t.windowed(at(0));
      await t.insert(record);
      const lapsed = at(2 * WINDOW_MS);
      const failure = t.failure(record, { receivedAt: lapsed, lastAttemptAt: lapsed });
      await t.park(failure);
      await t.park({ ...failure, receivedAt: at(1), lastAttemptAt: at(1) });
      const resolved = await t.getParked(failure.id);
      assert.notEqual(resolved.resolvedAt, null);
      await t.insert(t.again(record, { receivedAt: at(2) }));
      assert.deepEqual(await t.getParked(failure.id), resolved);
    },
  ),

  storeTest(
    "S8",
    "an insert that finds its identity taken by the same content also resolves the failure",
    async (t) => {
      const record = t.windowed(at(0));
      await t.insert(record);
      const lapsed = at(2 * WINDOW_MS);
      const failure = t.failure(record, { receivedAt: lapsed, lastAttemptAt: lapsed });
      await t.park(failure);
      assert.equal(
        (await t.getParked(failure.id)).resolvedAt,
        null,
        "the claim has lapsed, so this event is not counted yet",
      );

      assert.deepEqual(await t.verdicts(t.again(record, { receivedAt: at(1) })), [record.id]);
      assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), []);
      assert.notEqual((await t.getParked(failure.id)).resolvedAt, null);
    },
  ),

  storeTest(
    "S8",
    "if twins find their identity taken, the twin with the failure's content resolves it, in any order",
    async (t) => {
      for (const order of ["first", "last"]) {
        const record = t.windowed(at(0));
        await t.insert(record);
        const lapsed = at(2 * WINDOW_MS);
        const failure = t.failure(record, { receivedAt: lapsed, lastAttemptAt: lapsed });
        await t.park(failure);
        const same = t.again(record, { receivedAt: at(1) });
        const others = ["2", "3"].map((amount) => t.again(record, { receivedAt: at(1), amount }));
        const twins = order === "first" ? [same, ...others] : [...others, same];
        assert.deepEqual(await t.verdicts(...twins), Array(3).fill(record.id));
        assert.notEqual((await t.getParked(failure.id)).resolvedAt, null, order);
      }
    },
  ),

  storeTest(
    "S8",
    "a failure remains open if its identity is won by different content, even after its own content conflicts",
    async (t) => {
      const record = t.record({ amount: "1" });
      const other = t.again(record, { amount: "2" });
      const failure = t.failure(other);
      await t.park(failure);
      assert.deepEqual(await t.verdicts(record), ["inserted"]);
      assert.deepEqual(await t.verdicts(other), [record.id]);
      assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [failure.id]);
      assert.equal((await t.getParked(failure.id)).resolvedAt, null);
    },
  ),

  storeTest("S8", "a failure with another identity remains open", async (t) => {
    const failure = t.failure(t.record());
    await t.park(failure);
    await t.insert(t.record());
    assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [failure.id]);
  }),

  storeTest("S8", "a rejected or conflicting event is never resolved", async (t) => {
    const record = t.record();
    const rejected = t.failure(record, { status: "rejected", id: t.record().identity, error: null });
    const conflict = t.failure(record, { status: "conflict", id: t.record().identity, error: null });
    await t.park(rejected, conflict);
    await t.insert(record);
    await t.insert(t.again(record));
    assert.deepEqual(await t.get(rejected.id), rejected);
    assert.deepEqual(await t.get(conflict.id), conflict);
    assert.equal((await t.list({ statuses: ["rejected", "conflict"] })).length, 2);
  }),

  storeTest("S8", "no reader sees an event as both failed and counted, or as neither", async (t) => {
    const records = t.records(20);
    await t.park(...records.map((record) => t.failure(record)));
    const insertAll = async () => {
      for (const record of records) await t.insert(record);
    };
    await meanwhile(insertAll(), async () => {
      const identities = (await t.list()).map(({ identity }) => identity);
      assert.equal(identities.length, records.length, "each event has one entry");
      assert.equal(new Set(identities).size, records.length, "no event has two entries");
    });
  }),

  storeTest(
    "S8",
    "an event that is inserted and parked at the same time is counted, and its failure is resolved",
    async (t) => {
      for (let round = 0; round < 20; round++) {
        const record = t.record();
        const failure = t.failure(record);
        const calls = [() => t.insert(record), () => t.park(failure)];
        if (round % 2 === 1) calls.reverse();
        await Promise.all(calls.map((call) => call()));
        assert.deepEqual(await t.listedIds({ statuses: ["failed"] }), [], `in round ${round + 1}`);
      }
    },
  ),
];
