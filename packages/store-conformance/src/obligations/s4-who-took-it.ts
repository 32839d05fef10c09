import assert from "node:assert/strict";
import type { EventRecord } from "@evt/core/store";
import { AWKWARD_JSON, AWKWARD_TEXTS, EDGE_AMOUNTS, EDGE_TIMES } from "../edge-values.js";
import { at, claimOf, storedOf, takenBy, WINDOW_MS } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

export const whoTookIt = [
  storeTest("S4", "for a taken identity, a record gets the claim and the event that hold it", async (t) => {
    const holder = t.record({ receivedAt: at(17), amount: "12.5", timestamp: "2026-01-31T08:00:00.000001Z" });
    await t.insert(holder);
    const newcomer = t.again(holder, {
      receivedAt: at(2_000),
      clientId: "other",
      amount: "13",
      rawJson: null,
    });
    assert.deepEqual(await t.insertOne(newcomer), takenBy(holder));
  }),

  storeTest("S4", "a record with the same content gets the event as it was stored", async (t) => {
    const holder = t.record({ timestamp: at(0), rawJson: '{"a":1}' });
    await t.insert(holder);
    const { fingerprint } = holder;
    const later = { ...t.again(holder, { receivedAt: at(9), timestamp: at(9) }), fingerprint };
    const otherwise = t.again(holder, { rawJson: '{"a": 1}' });
    const without = t.again(holder, { rawJson: null });
    assert.deepEqual(await t.insert(later, otherwise, without), Array(3).fill(takenBy(holder)));
  }),

  storeTest("S4", "all losers of concurrent inserts get the event that won", async (t) => {
    const first = t.record();
    const records = Array.from({ length: 30 }, (_, index) => t.again(first, { amount: `${index % 3}` }));
    const outcomes = await Promise.all(records.map((record) => t.insertOne(record)));
    const winner = records[outcomes.findIndex(({ outcome }) => outcome === "inserted")];
    assert.ok(winner !== undefined, "one wins");
    for (const outcome of outcomes)
      if (outcome.outcome === "taken") assert.deepEqual(outcome, takenBy(winner));
  }),

  storeTest("S4", "a twin in a call gets the claim and the event of the first twin", async (t) => {
    const first = t.record({ amount: "1" });
    const [, same, other] = await t.insert(first, t.again(first), t.again(first, { amount: "2" }));
    assert.deepEqual([same, other], [takenBy(first), takenBy(first)]);
  }),

  storeTest("S4", "after a lapsed claim is taken over, records get the new holder", async (t) => {
    const first = t.windowed(at(0));
    const second = t.again(first, { receivedAt: at(2 * WINDOW_MS), amount: "2" });
    await t.insert(first);
    await t.insert(second);
    assert.deepEqual(
      await t.insertOne(t.again(second, { receivedAt: at(2 * WINDOW_MS + 1) })),
      takenBy(second),
    );
  }),

  storeTest("S4", "a record that is sent again unchanged finds its own receipt ID", async (t) => {
    const record = t.record();
    await t.insert(record);
    assert.deepEqual(await t.insertOne(record), takenBy(record));
  }),

  storeTest(
    "S4",
    "an event is returned unchanged, with each kind of identity, with or without its raw event",
    async (t) => {
      await assertKept(t, [
        t.record({ identifiedBy: "key", idempotencyKey: "key" }),
        t.record({ identifiedBy: "content", idempotencyKey: null }),
        t.record({ identifiedBy: "receipt", idempotencyKey: null }),
        t.windowed(at(0)),
        t.record({ rawJson: null }),
        t.record({ rawJson: null, idempotencyKey: null }),
      ]);
    },
  ),

  storeTest("S4", "a claim returns the raw hash, the rules and the twins of its record", async (t) => {
    await assertKept(t, [
      t.record({ rawHash: 4_294_967_295, rules: 1, twins: 1 }),
      t.record({ rawHash: 1_234_567_890_123, rules: 2, twins: 2, identifiedBy: "content" }),
      t.record({ rawHash: null, rules: 32_767, twins: 32_767 }),
      { ...t.windowed(at(0)), rawHash: 4_503_599_627_370_495, rules: 3, twins: 10 },
    ]);
    const held = t.record({ rawHash: 1_234_567_890_123, rules: 2, twins: 2 });
    const newcomer = t.again(held, { rawHash: 0, rules: 3, twins: 3 });
    const [, twin] = await t.insert(held, newcomer);
    assert.deepEqual([twin, await t.insertOne(newcomer)], [takenBy(held), takenBy(held)]);
    assert.deepEqual(await t.store.holders([newcomer], t.call), [
      { claim: claimOf(held), event: storedOf(held) },
    ]);
  }),

  storeTest("S4", "a claim that was taken over returns the new record's values", async (t) => {
    const first = { ...t.windowed(at(0)), rawHash: 4_294_967_295, rules: 1, twins: 2 };
    const second = t.again(first, { receivedAt: at(2 * WINDOW_MS), rawHash: null, rules: 2, twins: 1 });
    await t.insert(first);
    await t.insert(second);
    const later = t.again(second, { receivedAt: at(2 * WINDOW_MS + 1) });
    assert.deepEqual(await t.insertOne(later), takenBy(second));
  }),

  storeTest("S4", "raw events are returned byte by byte as they were sent", async (t) => {
    await assertKept(
      t,
      AWKWARD_JSON.map((rawJson) => t.record({ rawJson })),
    );
  }),

  storeTest(
    "S4",
    "clients, metrics and keys are returned unchanged, up to 255 characters of any kind",
    async (t) => {
      await assertKept(
        t,
        AWKWARD_TEXTS.flatMap((text) => [
          t.record({ clientId: text }),
          t.record({ metric: text }),
          t.record({ idempotencyKey: text }),
          t.record({ clientId: text, metric: text, idempotencyKey: text }),
        ]),
      );
    },
  ),

  storeTest("S4", "amounts and instants are returned with exactly the same digits", async (t) => {
    await assertKept(t, [
      ...EDGE_AMOUNTS.map((amount) => t.record({ amount })),
      ...EDGE_TIMES.map((timestamp) => t.record({ timestamp })),
    ]);
  }),

  storeTest("S4", "changing a record or a result after the call does not change the store", async (t) => {
    const record = t.record();
    const sent = { ...record };
    await t.insert(sent);
    Object.assign(sent, { amount: "666", rawJson: "{}" });
    for (let round = 0; round < 2; round++) {
      const outcome = await t.insertOne(t.again(record));
      assert.deepEqual(outcome, takenBy(record));
      if (outcome.outcome === "taken")
        for (const part of [outcome, outcome.claim, outcome.event]) spoil(part);
      const entry = await t.get(record.id);
      assert.deepEqual(entry, storedOf(record));
      spoil(entry);
    }
  }),

  storeTest(
    "S4",
    "a claim outlives its event: the holder of a pruned event has its claim and no event",
    async (t) => {
      const records = [t.record(), t.windowed(at(0))];
      await t.insert(...records);
      await t.prune();
      for (const record of records) {
        const taken = { outcome: "taken", claim: claimOf(record), event: null };
        assert.deepEqual(await t.insertOne(t.again(record)), taken);
        assert.equal(await t.get(record.id), null);
        assert.equal(await t.get(record.identity), null);
      }
      assert.deepEqual(await t.list(), []);
    },
    "prune",
  ),
];

/** Inserts the records, and asserts that a lookup, the list and a resend return them unchanged. */
async function assertKept(t: Trial, records: readonly EventRecord[]): Promise<void> {
  await t.insert(...records);
  const ids = records.map(({ id }) => id);
  assert.deepEqual(await t.store.get(records[0]?.tenantId ?? "", ids, t.call), records.map(storedOf));
  const listed = new Map((await t.list()).map((entry) => [entry.id, entry]));
  assert.deepEqual(
    ids.map((id) => listed.get(id)),
    records.map(storedOf),
  );
  const outcomes = await t.insert(...records.map((record) => t.again(record)));
  const claimed = new Map(
    outcomes.map((outcome) => [outcome.outcome === "taken" && outcome.claim.id, outcome]),
  );
  assert.deepEqual(
    ids.map((id) => claimed.get(id)),
    records.map(takenBy),
  );
}

/** Changes every property that can be changed. */
function spoil(part: object | null): void {
  for (const key of Object.keys(part ?? {})) Reflect.set(part ?? {}, key, "spoiled");
}
