import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { type EventRecord, isEvtError } from "@evt/core/store";
import { meanwhile } from "../meanwhile.js";
import { verdicts } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

export const allOrNothing = [
  storeTest("S1", "a call with an aborted signal stores nothing and claims nothing", async (t) => {
    const records = t.records(3);
    await assert.rejects(
      t.store.insert(records, { signal: AbortSignal.abort() }),
      (error) => isEvtError(error, "EVT_STORE_UNAVAILABLE"),
      "the call rejects with EVT_STORE_UNAVAILABLE",
    );
    assert.deepEqual(await t.list(), [], "no event is listed");
    assert.equal(await t.counted(), 0, "no event is counted");
    assert.deepEqual(
      await t.verdicts(...records),
      ["inserted", "inserted", "inserted"],
      "every identity is still free",
    );
  }),

  storeTest("S1", "no reader ever sees part of a call", async (t) => {
    const size = 40;
    const writer = async () => {
      for (let call = 0; call < 4; call++) await t.insert(...t.records(size));
    };
    await meanwhile(Promise.all([writer(), writer(), writer()]), async () => {
      const [entries, count] = await Promise.all([t.list(), t.counted()]);
      assert.equal(
        entries.length % size,
        0,
        `a list contains all or no events of a call of ${size}; it contained ${entries.length}`,
      );
      assert.equal(
        count % size,
        0,
        `totals contain all or no events of a call of ${size}; they contained ${count}`,
      );
    });
  }),

  storeTest(
    "S1",
    "a call that is aborted while it runs is stored completely or not at all, and after a resend each record counts once",
    async (t) => {
      const size = 30;
      for (let ticks = 0; ticks < 6; ticks++) {
        const tenantId = `aborted after ${ticks}`;
        const records = t.records(size, { tenantId });
        await insertAndAbort(t, records, ticks);
        const count = await t.counted({ tenantId });
        assert.ok(count === 0 || count === size, `${count} of ${size} records were counted`);

        const outcomes = await t.insert(...records);
        const own = new Set(["inserted", ...records.map(({ id }) => id)]);
        assert.deepEqual(
          verdicts(outcomes).filter((verdict) => !own.has(verdict)),
          [],
          "each event was stored by this call or by the aborted call",
        );
        assert.equal(await t.counted({ tenantId }), size, "each event is counted once");
      }
    },
  ),

  storeTest(
    "S1",
    "a call with one refused record, at any position, stores none of its records",
    async (t) => {
      for (const position of [0, 2, 4]) {
        const tenantId = `refused at ${position}`;
        const records = t.records(5, { tenantId });
        const failures = records.map((record) => t.failure(record));
        await t.park(...failures);
        const refused = records.map((record, index) => (index === position ? t.poison(record) : record));
        await assert.rejects(
          t.store.insert(refused, t.call),
          (error) => isEvtError(error, "EVT_RECORD_REFUSED"),
          "the call rejects with EVT_RECORD_REFUSED",
        );
        assert.equal((await t.list({ tenantId, statuses: ["processed"] })).length, 0, "no event is listed");
        assert.equal(await t.counted({ tenantId }), 0, "no event is counted");
        assert.equal((await t.list({ tenantId })).length, failures.length, "no failure is resolved");
        const outcomes = await t.insert(...records);
        assert.ok(
          outcomes.every(({ outcome }) => outcome === "inserted"),
          "every identity is still free",
        );
      }
    },
    "poison",
  ),
];

function isTransient(error: unknown): boolean {
  return isEvtError(error, "EVT_STORE_UNAVAILABLE") || isEvtError(error, "EVT_STORE_CONTENDED");
}

/** Resolves once the call has resolved or rejected. */
async function insertAndAbort(t: Trial, records: readonly EventRecord[], ticks: number): Promise<void> {
  const controller = new AbortController();
  const call = t.store.insert(records, { signal: controller.signal }).then(
    () => null,
    (error: unknown) => error,
  );
  for (let tick = 0; tick < ticks; tick++) await setImmediate();
  controller.abort();
  const error = await call;
  assert.ok(error === null || isTransient(error), `the aborted call ended with ${String(error)}`);
}
