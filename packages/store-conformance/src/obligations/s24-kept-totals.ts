import assert from "node:assert/strict";
import type { AggregateQuery, Dimensions, EventRecord, TotalsCombination } from "@evt/core/store";
import { expectedTotals } from "../model/expected-totals.js";
import { assertSameRows } from "../same-rows.js";
import { storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const ALL: AggregateQuery = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 1_000 };
const BY_METRIC_AND_PLAN = { byClientId: false, byMetric: true, byDimensions: ["plan"] };
const BY_CLIENT_AND_BOTH = { byClientId: true, byMetric: false, byDimensions: ["plan", "region"] };
const BY_REGION = { byClientId: false, byMetric: false, byDimensions: ["region"] };

const DIMENSIONS: readonly (Dimensions | null)[] = [
  null,
  { plan: "pro" },
  { plan: "free", region: "eu" },
  { region: "pro", other: "x" },
];

/** Queries that a combination has all keys of, and queries that none has. */
const QUERIES: readonly Partial<AggregateQuery>[] = [
  { byDimensions: ["plan"] },
  { byDimensions: ["plan"], byMetric: true },
  { byDimensions: ["plan", "region"], byClientId: true },
  { byDimensions: ["region"], dimensions: { plan: null } },
  { dimensions: { region: "eu" }, metric: "m0" },
  { dimensions: { plan: "pro" }, clientId: "c1", byMetric: true },
  { byDimensions: ["other", "plan"] },
  { byDimensions: ["plan"], from: "2024-01-01T00:07:00.000Z", to: "2024-01-02T00:00:00.000Z" },
  { byDimensions: ["region"], unit: "EUR", from: "2024-01-01T00:15:00.000Z" },
];

export const keptTotals = [
  storeTest(
    "S24",
    "totals are exact whichever combinations are kept, and whenever they change",
    async (t) => {
      const records: EventRecord[] = [];
      const kept: readonly (readonly TotalsCombination[])[] = [
        [],
        [BY_METRIC_AND_PLAN],
        [BY_METRIC_AND_PLAN, BY_CLIENT_AND_BOTH],
        [BY_REGION],
        [BY_METRIC_AND_PLAN],
      ];
      for (const combinations of kept) {
        t.store.keepTotals?.(combinations);
        records.push(...(await fill(t)));
        await assertExact(t, records, `before the upkeep of ${JSON.stringify(combinations)}`);
        await t.upkeep();
        await assertExact(t, records, `after the upkeep of ${JSON.stringify(combinations)}`);
        records.push(...(await fill(t)));
        await assertExact(t, records, `with later events and ${JSON.stringify(combinations)}`);
      }
    },
  ),

  storeTest("S24", "totals of one tenant do not have events of another", async (t) => {
    t.store.keepTotals?.([BY_METRIC_AND_PLAN]);
    const others = await fill(t, "another tenant");
    await t.upkeep();
    const records = await fill(t);
    await assertExact(t, [...records, ...others], "after the events of another tenant");
  }),

  storeTest("S24", "the data of totals is reported at most once, as events or rollups", async (t) => {
    t.store.keepTotals?.([BY_METRIC_AND_PLAN]);
    await fill(t);
    await t.upkeep();
    for (const query of QUERIES) {
      const sources: string[] = [];
      const onTotalsFrom = (source: string) => sources.push(source);
      await t.store.aggregate({ ...ALL, ...query }, { ...t.call, onTotalsFrom });
      assert.ok(sources.length <= 1, `${JSON.stringify(query)} reports ${sources.join(", ")}`);
      for (const source of sources) assert.ok(source === "events" || source === "rollups", source);
    }
  }),
];

/** Inserts events of all dimensions, some with a unit, minutes and days apart. */
async function fill(t: Trial, tenantId = TENANT): Promise<readonly EventRecord[]> {
  const times = ["2024-01-01T00:05:00.000Z", "2024-01-01T00:20:00.000Z", "2024-01-02T00:00:00.000Z"];
  const records = DIMENSIONS.flatMap((dimensions, index) =>
    times.map((timestamp, shift) =>
      t.record({
        ...{ tenantId, dimensions, timestamp },
        amount: `${2 ** index}.${shift}1`,
        unit: shift === 1 ? "EUR" : null,
        clientId: `c${(index + shift) % 2}`,
        metric: `m${shift % 2}`,
      }),
    ),
  );
  await t.insert(...records);
  return records;
}

async function assertExact(t: Trial, records: readonly EventRecord[], when: string): Promise<void> {
  for (const part of QUERIES) {
    const query = { ...ALL, ...part };
    const rows = await t.store.aggregate(query, t.call);
    const about = `${JSON.stringify(query)} ${when}`;
    assertSameRows(rows, expectedTotals(records.map(storedOf), query), query.limit, about);
  }
}
