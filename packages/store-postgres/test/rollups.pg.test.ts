import type { EventRecord } from "@evt/core";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "./fixture.js";
import { again, insert, patient, recordOf, TENANT } from "./records.js";

/** The totals of a range, or of everything. */
async function totals({ store }: Fixture, range: { from?: string; to?: string; buckets?: string[] } = {}) {
  const query = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 10, ...range };
  const rows = await store.aggregate(query, patient());
  return [...rows]
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ count, sum }) => `${count}: ${sum}`);
}

/** Adds to what is said of a quarter of an hour, and not to its events: whoever reads the rollup shows it. */
async function spoil({ admin, schema }: Fixture, quarter: string): Promise<void> {
  await admin.query(`update ${schema}.rollup set sum = sum + 1000 where quarter = $1`, [quarter]);
}

describe("a quarter of an hour", () => {
  const quarters = ["12:00", "12:15", "12:30"].map((time) => `2026-02-01T${time}:00.000Z`);
  const events = ["12:00", "12:14", "12:15", "12:29", "12:30", "12:44"].map(
    (time) => `2026-02-01T${time}:00.000Z`,
  );

  async function spoilt(): Promise<Fixture> {
    const made = await fixture();
    await insert(
      made.store,
      events.map((timestamp) => recordOf({ timestamp })),
    );
    await spoil(made, quarters[1]!);
    return made;
  }

  it.each([
    ["by the whole of history", {}, ["6: 1006"]],
    ["from its beginning to its end", { from: quarters[1], to: quarters[2] }, ["2: 1002"]],
    ["from before it on", { from: quarters[0] }, ["6: 1006"]],
    ["to after it", { to: quarters[2] }, ["4: 1004"]],
    ["by a range that cuts its neighbours", { from: events[1], to: events[5] }, ["4: 1004"]],
    [
      "by buckets that begin and end with quarters",
      { from: quarters[0], to: quarters[2], buckets: quarters.slice(0, 2) },
      ["2: 2", "2: 1002"],
    ],
  ] as [string, object, string[]][])("is read from its rollup %s", async (_, range, expected) => {
    expect(await totals(await spoilt(), range)).toEqual(expected);
  });

  it.each([
    [
      "by a range that begins a microsecond within it",
      { from: "2026-02-01T12:15:00.000001Z", to: quarters[2] },
      ["1: 1"],
    ],
    ["by a range that ends within it", { from: quarters[1], to: events[3] }, ["1: 1"]],
    ["by a range within it", { from: events[2], to: events[3] }, ["1: 1"]],
    [
      "by a bucket that begins within it",
      { from: quarters[0], to: quarters[2], buckets: [quarters[0], events[3]] },
      ["3: 3", "1: 1"],
    ],
    ["by a range that does not meet it", { from: quarters[2] }, ["2: 2"]],
  ] as [string, object, string[]][])("is read from its events %s", async (_, range, expected) => {
    expect(await totals(await spoilt(), range)).toEqual(expected);
  });
});

/** What the rollups say otherwise than the events do. */
const DIFFERENCES = (schema: string) => `
  with folded as (
    select tenant_id, client_id, metric, date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z') as quarter,
           count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max
      from ${schema}.event group by 1, 2, 3, 4
  ), told as (
    select tenant_id, client_id, metric, quarter, sum(count)::bigint as count, sum(sum) as sum, min(min) as min, max(max) as max
      from ${schema}.rollup group by 1, 2, 3, 4
  )
  (table folded except table told) union all (table told except table folded)`;

it("rollups are the fold over the events after many wrote at once, over several slots", async () => {
  const { store, admin, schema } = await fixture();
  const shared = Array.from({ length: 100 }, (_, n) => randomRecord(n));
  const writer = async (number: number) => {
    for (let batch = 0; batch < 10; batch++) {
      const own = Array.from({ length: 20 }, (_, n) => randomRecord(n * 7 + batch * 3 + number));
      const others = shared.filter((_, n) => n % 10 === batch).map((record) => again(record));
      await insert(store, [...own, ...others]);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
  const { rows: written } = await admin.query(
    `select (select count(*) from ${schema}.event)::int as events, (select sum(count) from ${schema}.rollup)::int as counted,
            (select count(distinct slot) from ${schema}.rollup)::int as slots`,
  );
  expect(written).toEqual([
    { events: 8 * 10 * 20 + 100, counted: 8 * 10 * 20 + 100, slots: expect.any(Number) },
  ]);
  expect(written[0].slots).toBeGreaterThan(1);
  const { rows: differences } = await admin.query(DIFFERENCES(schema));
  expect(differences).toEqual([]);
});

function randomRecord(n: number): EventRecord {
  const minute = String((n * 13) % 60).padStart(2, "0");
  const amount = n % 3 === 0 ? `-0.${String(n % 97).padStart(2, "0")}1` : `${n}.${(n % 9) + 1}`;
  return recordOf({
    tenantId: `tenant ${n % 2}`,
    clientId: `client ${n % 3}`,
    metric: `metric ${n % 2}`,
    amount,
    timestamp: `2026-02-01T1${n % 3}:${minute}:59.999999Z`,
  });
}
