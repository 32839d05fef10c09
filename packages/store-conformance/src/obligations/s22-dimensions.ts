import assert from "node:assert/strict";
import type { AggregateQuery, DimensionFilter, Dimensions, EventRecord } from "@evt/core/store";
import { AWKWARD_TEXTS } from "../edge-values.js";
import { expectedTotals } from "../model/expected-totals.js";
import { hasUnitAndDimensions } from "../model/unit-and-dimensions.js";
import { assertSameRows } from "../same-rows.js";
import { storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const ALL: AggregateQuery = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 1_000 };

const SAMPLES: readonly (Dimensions | null)[] = [
  null,
  { plan: "pro" },
  { plan: "free" },
  { plan: "pro", region: "eu" },
  { plan: "free", region: "eu" },
  { region: "us" },
  { region: "pro" },
  { "a-b": "1", constructor: "x", plan: "pro", toString: "y" },
];

const FILTERS: readonly DimensionFilter[] = [
  { plan: "pro" },
  { plan: null },
  { plan: "PRO" },
  { plan: "pro", region: "eu" },
  { plan: null, region: "pro" },
  { region: null },
  { constructor: "x" },
  { constructor: null },
  { missing: null },
  { missing: "pro" },
];

export const dimensions = [
  storeTest("S22", "totals by dimensions equal the fold over the events", async (t) => {
    const records = await fill(t);
    for (const byDimensions of [
      ["plan"],
      ["region"],
      ["plan", "region"],
      ["missing"],
      ["constructor", "a-b"],
    ]) {
      await assertFold(t, records, { ...ALL, byDimensions });
      await assertFold(t, records, { ...ALL, byDimensions, byClientId: true, byMetric: true });
      await assertFold(t, records, { ...ALL, byDimensions, unit: "EUR", from: "2024-01-01T00:07:00.000Z" });
    }
  }),

  storeTest("S22", "a filter by dimensions finds exactly its events", async (t) => {
    const records = await fill(t);
    for (const filter of FILTERS) {
      const about = JSON.stringify(filter);
      await assertFold(t, records, { ...ALL, dimensions: filter });
      await assertFold(t, records, { ...ALL, dimensions: filter, clientId: "a", byMetric: true });
      await assertFold(t, records, {
        ...ALL,
        dimensions: filter,
        byDimensions: ["region"],
        to: "2024-02-01T00:00:00.000Z",
      });
      const expected = records.filter((record) =>
        hasUnitAndDimensions(storedOf(record), { dimensions: filter }),
      );
      assert.deepEqual(
        new Set(await t.listedIds({ dimensions: filter })),
        new Set(expected.map(({ id }) => id)),
        about,
      );
    }
  }),

  storeTest("S22", "buckets are split by dimensions", async (t) => {
    const records = await fill(t);
    const buckets = ["2024-01-01T00:00:00.000Z", "2024-01-01T00:07:00.000Z", "2024-02-01T00:00:00.000Z"];
    const range = { from: buckets[0] ?? "", to: "2024-04-01T00:00:00.000Z", buckets };
    await assertFold(t, records, { ...ALL, ...range, byDimensions: ["plan"] });
    await assertFold(t, records, { ...ALL, ...range, dimensions: { plan: "pro" }, byMetric: true });
  }),

  storeTest("S22", "values are distinguished by code point, and returned unchanged", async (t) => {
    const records = AWKWARD_TEXTS.map((plan) => t.record({ dimensions: { plan } }));
    await t.insert(...records);
    await assertFold(t, records, { ...ALL, byDimensions: ["plan"] });
    const ids = records.map(({ id }) => id);
    assert.deepEqual(await t.store.get(TENANT, ids, t.call), records.map(storedOf));
    for (const { id, dimensions: filter } of records)
      assert.deepEqual(await t.listedIds({ dimensions: filter ?? {} }), [id], JSON.stringify(filter));
  }),

  storeTest("S22", "a parked event keeps its dimensions", async (t) => {
    const parked = [{ plan: "pro" }, { plan: "free", region: "eu" }, null].map((each) =>
      t.failure(t.record({ dimensions: each })),
    );
    await t.park(...parked);
    assert.deepEqual(await t.listedIds({ dimensions: { plan: "free" } }), [parked[1]?.id]);
    assert.deepEqual(await t.listedIds({ dimensions: { plan: null } }), [parked[2]?.id]);
    const ids = parked.map(({ id }) => id);
    assert.deepEqual(await t.store.get(TENANT, ids, t.call), parked);
  }),

  storeTest("S22", "eight dimensions with the longest names and values fit", async (t) => {
    const names = Array.from({ length: 8 }, (_, i) => `${"n".repeat(62)}${i}`);
    const most = Object.fromEntries(names.map((name) => [name, "語".repeat(255)]));
    const record = t.record({ dimensions: most, unit: "語".repeat(64) });
    await t.insert(record);
    assert.deepEqual(await t.store.get(TENANT, [record.id], t.call), [storedOf(record)]);
    await assertFold(t, [record], { ...ALL, byDimensions: names, dimensions: most });
  }),
];

/** Inserts events with all samples, some with a unit, minutes and months apart. */
async function fill(t: Trial): Promise<readonly EventRecord[]> {
  const times = ["2024-01-01T00:05:00.000Z", "2024-01-01T00:10:00.000Z", "2024-03-01T00:00:00.000Z"];
  const records = SAMPLES.flatMap((each, index) =>
    times.map((timestamp, shift) =>
      t.record({
        dimensions: each,
        timestamp,
        amount: `${2 ** index}.${shift}1`,
        unit: shift === 1 ? "EUR" : null,
        clientId: (index + shift) % 2 === 0 ? "a" : "b",
        metric: index % 3 === 0 ? "m" : "n",
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
