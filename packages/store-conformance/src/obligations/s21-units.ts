import assert from "node:assert/strict";
import type { AggregateQuery, EventRecord } from "@evt/core/store";
import { AWKWARD_TEXTS } from "../edge-values.js";
import { expectedTotals } from "../model/expected-totals.js";
import { assertSameRows } from "../same-rows.js";
import { storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const ALL: AggregateQuery = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 1_000 };
const UNITS = [null, "EUR", "USD", "eur", "€", "x".repeat(64), "語".repeat(64)];
const AWKWARD_UNITS = AWKWARD_TEXTS.filter((text) => text.length <= 64);

export const units = [
  storeTest("S21", "amounts of different units are never added up", async (t) => {
    const records = await fill(t);
    const rows = await t.totals();
    assert.deepEqual(new Set(rows.map(({ unit }) => unit)), new Set(UNITS));
    for (const by of [{}, { byClientId: true }, { byMetric: true }, { byClientId: true, byMetric: true }])
      await assertFold(t, records, { ...ALL, ...by });
  }),

  storeTest("S21", "every range and bucket has a row for each of its units", async (t) => {
    const records = await fill(t);
    const buckets = ["2024-01-01T00:00:00.000Z", "2024-01-02T00:00:00.000Z", "2024-02-01T00:00:00.000Z"];
    const [from = ""] = buckets;
    for (const to of ["2024-01-01T00:07:00.000Z", "2024-01-03T00:00:00.000Z", "2025-01-01T00:00:00.000Z"]) {
      await assertFold(t, records, { ...ALL, from, to });
      const begun = buckets.filter((start) => start < to);
      await assertFold(t, records, { ...ALL, byMetric: true, from, to, buckets: begun });
    }
  }),

  storeTest("S21", "a filter by unit finds exactly its events, or those without a unit", async (t) => {
    const records = await fill(t);
    for (const unit of [...UNITS, "missing"]) {
      await assertFold(t, records, { ...ALL, unit });
      await assertFold(t, records, { ...ALL, unit, clientId: "a", byMetric: true });
      const expected = records.filter((record) => record.unit === unit).map(({ id }) => id);
      assert.deepEqual(new Set(await t.listedIds({ unit })), new Set(expected), String(unit));
    }
  }),

  storeTest("S21", "units are distinguished by code point, and returned unchanged", async (t) => {
    const records = AWKWARD_UNITS.map((unit) => t.record({ unit }));
    await t.insert(...records);
    await assertFold(t, records, ALL);
    const found = await t.store.get(
      TENANT,
      records.map(({ id }) => id),
      t.call,
    );
    assert.deepEqual(found, records.map(storedOf));
  }),

  storeTest("S21", "a parked event keeps its unit", async (t) => {
    const parked = ["EUR", null].map((unit) => t.failure(t.record({ unit })));
    await t.park(...parked);
    assert.deepEqual(await t.listedIds({ unit: "EUR" }), [parked[0]?.id]);
    assert.deepEqual(await t.listedIds({ unit: null }), [parked[1]?.id]);
    const ids = parked.map(({ id }) => id);
    assert.deepEqual(await t.store.get(TENANT, ids, t.call), parked);
  }),

  storeTest("S21", "there are at most `limit` rows, and units count", async (t) => {
    const records = await fill(t);
    for (const limit of [1, UNITS.length - 1, UNITS.length]) await assertFold(t, records, { ...ALL, limit });
  }),
];

/** Inserts events of all units, for two clients and two metrics, minutes and months apart. */
async function fill(t: Trial): Promise<readonly EventRecord[]> {
  const times = [
    "2024-01-01T00:05:00.000Z",
    "2024-01-01T00:10:00.000Z",
    "2024-01-02T12:00:00.000Z",
    "2024-03-01T00:00:00.000Z",
  ];
  const records = UNITS.flatMap((unit, index) =>
    times.map((timestamp, shift) =>
      t.record({
        unit,
        timestamp,
        amount: `${10 ** index}`,
        clientId: shift % 2 === 0 ? "a" : "b",
        metric: (index + shift) % 3 === 0 ? "m" : "n",
      }),
    ),
  );
  await t.insert(...records);
  return records;
}

async function assertFold(t: Trial, records: readonly EventRecord[], query: AggregateQuery): Promise<void> {
  const rows = await t.store.aggregate(query, t.call);
  assertSameRows(rows, expectedTotals(records.map(storedOf), query), query.limit, JSON.stringify(query));
}
