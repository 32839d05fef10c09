import { createEvt } from "@evt/core";
import type { AggregateQuery, EventRecord, TotalsCombination, TotalsSource } from "@evt/core/store";
import { maintain, PostgresStore, recount, retain } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { onConnection } from "../../src/connection/transaction.js";
import { foldAll } from "../../src/upkeep/fold-all.js";
import { type Fixture, fixture } from "../fixture.js";
import { insert, patient, recordOf, TENANT } from "../records.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";
import { folded } from "./folded.js";

const ALL = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 1_000 };
const BY_METRIC_AND_PLAN = { byClientId: false, byMetric: true, byDimensions: ["plan"] };
const YEAR = { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
const PLANS = [null, { plan: "pro" }, { plan: "free", region: "eu" }, { region: "us" }] as const;
const TIMES = ["2026-03-15T11:50:00.000Z", "2026-03-15T12:20:00.000Z", "2026-04-02T00:00:00.000Z"];

function events(count = 24): readonly EventRecord[] {
  return Array.from({ length: count }, (_, n) =>
    recordOf({
      amount: `${n}.5`,
      metric: n % 2 === 0 ? "even" : "odd",
      clientId: `c${n % 3}`,
      unit: n % 5 === 0 ? "EUR" : null,
      dimensions: PLANS[n % PLANS.length] ?? null,
      timestamp: TIMES[n % TIMES.length] ?? "",
    }),
  );
}

/** Returns totals, and the data from which they were computed. */
async function totals(store: PostgresStore, asked: Partial<AggregateQuery> = {}) {
  let source: TotalsSource | undefined;
  const onTotalsFrom = (from: TotalsSource) => {
    source = from;
  };
  const rows = await store.aggregate({ ...ALL, ...asked }, { ...patient(), onTotalsFrom });
  const shown = rows.map(({ metric, unit, dimensions = [], count, sum, min, max }) =>
    [metric, unit, ...dimensions, count, sum, min, max].map(String).join(" "),
  );
  return { source, rows: shown.sort() };
}

const QUERIES: readonly Partial<AggregateQuery>[] = [
  { byMetric: true, byDimensions: ["plan"] },
  { byDimensions: ["plan"] },
  { byMetric: true, dimensions: { plan: "pro" } },
  { dimensions: { plan: null }, unit: null },
  { byDimensions: ["plan"], unit: "EUR", metric: "odd" },
  { byDimensions: ["plan"], from: "2026-03-15T11:55:00.000Z", to: "2026-04-02T00:00:00.000Z" },
  { byDimensions: ["plan"], from: "2026-03-15T12:15:00.000Z", to: "2026-03-15T12:30:00.000Z" },
  {
    byDimensions: ["plan"],
    from: "2026-03-15T00:00:00.000Z",
    to: "2026-03-16T00:00:00.000Z",
    buckets: ["2026-03-15T00:00:00.000Z", "2026-03-15T12:00:00.000Z"],
  },
];

/** Expects the totals of a store that reads events. */
async function expectExact(made: Fixture, store: PostgresStore, source: TotalsSource | "any" = "rollups") {
  for (const query of QUERIES) {
    const { admin, schema } = made;
    const found = await totals(store, query);
    await admin.query(`update ${schema}.combination set is_kept = not is_kept`);
    const expected = await totals(store, query);
    await admin.query(`update ${schema}.combination set is_kept = not is_kept`);
    expect(expected.source).toBe("events");
    expect(found.rows, JSON.stringify(query)).toEqual(expected.rows);
    if (source !== "any") expect(found.source, JSON.stringify(query)).toBe(source);
  }
}

/** Returns a store that wants combinations. */
function wanting(made: Fixture, ...combinations: readonly TotalsCombination[]): PostgresStore {
  const store = new PostgresStore({ pool: made.pool, schema: made.schema, foldEvery: 0 });
  store.keepTotals(combinations);
  return store;
}

const maintained = (made: Fixture) => maintain(made.admin, { schema: made.schema, monthsAhead: 0 });

async function differences({ admin, schema }: Fixture) {
  return (await recount(admin, { schema, ...YEAR })).differences;
}

describe("the totals of a combination", () => {
  it("are built from events that were counted before, and later inserts add to them", async () => {
    const made = await fixture();
    await insert(made.store, events());
    const store = wanting(made, BY_METRIC_AND_PLAN);
    await insert(store, events(7));
    expect((await totals(store, { byDimensions: ["plan"] })).source).toBe("events");
    await maintained(made);
    const later = wanting(made);
    await expectExact(made, later);
    await insert(later, events(9));
    await expectExact(made, later);
    expect(await differences(made)).toEqual([]);
    await folded(made);
    await expectExact(made, later);
    expect(await differences(made)).toEqual([]);
  });

  it("leave a gap for tallies without their dimensions, until maintain fills it", async () => {
    const made = await fixture();
    const store = wanting(made, BY_METRIC_AND_PLAN);
    await insert(store, events(3));
    await maintained(made);
    await made.store.ping(patient());
    const { admin, schema } = made;
    await insert(store, events(5));
    await admin.query(`update ${schema}.tally set dimension_names = null, dimensions = null`);
    const later = wanting(made);
    await expectExact(made, later, "any");
    expect((await totals(later, { byDimensions: ["plan"] })).source).toBe("events");
    await onConnection(admin, (query) => foldAll(schema, query));
    expect((await totals(later, { byDimensions: ["plan"] })).source).toBe("events");
    await insert(store, events(6));
    await expectExact(made, later, "any");
    await maintained(made);
    await expectExact(made, later);
    expect(await differences(made)).toEqual([]);
  });

  it("are repaired by recount", async () => {
    const made = await fixture();
    const store = wanting(made, BY_METRIC_AND_PLAN);
    await insert(store, events());
    await maintained(made);
    const { admin, schema } = made;
    await admin.query(`update ${schema}.combination_total set sum = sum + 1 where metric = 'odd'`);
    const found = await recount(admin, { schema, ...YEAR });
    expect(found.differences[0]).toMatchObject({ metric: "odd", clientId: null, dimensions: { plan: null } });
    expect((await recount(admin, { schema, ...YEAR, repair: true })).repaired).toBe(true);
    expect(await differences(made)).toEqual([]);
    await expectExact(made, store);
  });

  it("remain when their events are pruned", async () => {
    const made = await fixture({ months: { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 3 } });
    const march = { receivedAt: "2026-03-15T12:30:00.000Z", timestamp: "2026-03-15T12:20:00.000Z" };
    const store = wanting(made, BY_METRIC_AND_PLAN);
    await insert(store, [recordOf({ ...march, amount: "1", dimensions: { plan: "pro" } })]);
    await maintained(made);
    await insert(store, [recordOf({ ...march, amount: "2", dimensions: { plan: "free" } })]);
    await arrivedLongAgo(made);
    await folded(made);
    await retain(made.admin, { schema: made.schema, before: "2026-04-01T00:00:00Z" });
    const { rows, source } = await totals(store, { byDimensions: ["plan"] });
    expect([rows, source]).toEqual([["null null free 1 2 2 2", "null null pro 1 1 1 1"], "rollups"]);
    expect(await differences(made)).toEqual([]);
    await expect(totals(store, { byDimensions: ["region"] })).rejects.toMatchObject({ code: "EVT_PRUNED" });
    await expect(
      totals(store, { byDimensions: ["plan"], from: "2026-03-15T12:21:00.000Z" }),
    ).rejects.toMatchObject({ code: "EVT_PRUNED" });
  });

  it("are deleted when no process has wanted them for 7 days", async () => {
    const made = await fixture();
    const store = wanting(made, BY_METRIC_AND_PLAN);
    await insert(store, events());
    await maintained(made);
    const { admin, schema } = made;
    const rows = async () =>
      (await admin.query(`select count(*)::int as rows from ${schema}.combination_total`)).rows[0].rows;
    await admin.query(`update ${schema}.combination set wanted_at = now() - interval '6 days 23 hours'`);
    await maintained(made);
    expect(await rows()).toBeGreaterThan(0);
    await admin.query(`update ${schema}.combination set wanted_at = now() - interval '7 days 1 hour'`);
    await maintained(made);
    expect(await rows()).toBe(0);
    // this store still knows the combination
    expect((await totals(store, { byDimensions: ["plan"] })).source).toBe("events");
  });
});

it("totals by dimensions that createEvt keeps are answered from rollups", async () => {
  const made = await fixture();
  const store = new PostgresStore({ pool: made.pool, schema: made.schema });
  const evt = createEvt({
    store,
    mapping: { dimensions: { plan: "plan" } },
    totals: { by: [["metric", "plan"]] },
  });
  const acme = evt.tenant("acme");
  const event = { client: "shop", metric: "order", amount: "1", plan: "pro", eventId: "a" };
  await acme.ingest(event);
  await maintained(made);
  await acme.ingest({ ...event, eventId: "b" });
  const query = { groupBy: ["metric", "dimension.plan"] } as const;
  expect(await acme.aggregate(query)).toMatchObject({
    answeredFrom: "rollups",
    rows: [{ metric: "order", dimensions: { plan: "pro" }, count: 2, sum: "2" }],
  });
  expect(await acme.aggregate({ groupBy: ["clientId", "dimension.plan"] })).toMatchObject({
    answeredFrom: "events",
    rows: [{ clientId: "shop", count: 2 }],
  });
  await evt.close();
});
