import type { EventRecord } from "@evt/core";
import { PostgresStore, recount } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { again, counted, insert, patient, recordOf, recordsOf, TENANT } from "../records.js";
import { until } from "../until.js";
import { WAYS } from "../watched-pool.js";
import { folded } from "./folded.js";

const RANGE = { from: "2025-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };

/** Returns every difference between the totals and the events. */
async function differences({ admin, schema }: Fixture) {
  return (await recount(admin, { schema, ...RANGE })).differences;
}

function randomRecord(n: number): EventRecord {
  const minute = String((n * 13) % 60).padStart(2, "0");
  const amount = n % 3 === 0 ? `-0.${String(n % 97).padStart(2, "0")}1` : `${n}.${(n % 9) + 1}`;
  return recordOf({
    tenantId: `tenant ${n % 2}`,
    clientId: `client ${n % 3}`,
    metric: `metric ${n % 2}`,
    amount: n % 11 === 0 ? `0.${"0".repeat(17)}1` : amount,
    timestamp: `2026-0${1 + (n % 2)}-0${1 + (n % 5)}T1${n % 3}:${minute}:59.999999Z`,
  });
}

describe.each(WAYS)("totals of concurrent writers %s", (_, wrap) => {
  it("equal the fold over the events, before, during and after folding", async () => {
    // a statement that was planned before a partition was attached does not see the partition's events
    const months = { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 1 };
    const made = await fixture({ wrap, months });
    const { store, admin, schema } = made;
    const shared = Array.from({ length: 100 }, (_, n) => randomRecord(n));
    const writer = async (number: number) => {
      for (let batch = 0; batch < 10; batch++) {
        const own = Array.from({ length: 20 }, (_, n) => randomRecord(n * 7 + batch * 3 + number));
        const others = shared.filter((_, n) => n % 10 === batch).map((record) => again(record));
        await insert(store, [...own, ...others]);
      }
    };
    const writing = Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
    let under = true;
    const ended = writing.finally(() => {
      under = false;
    });
    const folder = async () => {
      while (under) await folded(made);
    };
    const reader = async () => {
      while (under) expect(await differences(made)).toEqual([]);
    };
    await Promise.all([ended, folder(), folder(), reader()]);
    expect(await differences(made)).toEqual([]);
    await folded(made);
    expect(await differences(made)).toEqual([]);
    const { rows } = await admin.query(
      `select (select count(*) from ${schema}.event)::int as events, (select count(*) from ${schema}.tally)::int as tallies,
              (select sum(count) from ${schema}.day_total where per = 'a')::int as counted`,
    );
    expect(rows).toEqual([{ events: 8 * 10 * 20 + 100, tallies: 0, counted: 8 * 10 * 20 + 100 }]);
  });
});

it("every reader sees each tally exactly once while it is folded", async () => {
  const made = await fixture();
  const store = new PostgresStore({ pool: made.pool, schema: made.schema, foldEvery: 0 });
  for (let n = 0; n < 300; n++) await insert(store, [recordOf()]);
  let under = true;
  const folding = folded(made).finally(() => {
    under = false;
  });
  while (under) expect(await counted(store)).toBe(300);
  expect(await folding).toBe(300);
  expect(await counted(store)).toBe(300);
});

describe("a store", () => {
  it("folds by itself after enough inserts, and remains available", async () => {
    const base = await fixture();
    const store = new PostgresStore({ pool: base.pool, schema: base.schema, foldEvery: 20 });
    await Promise.all(Array.from({ length: 25 }, () => insert(store, recordsOf(2))));
    await until(base.admin, `select from ${base.schema}.tally having count(*) < 20`);
    expect(await counted(store)).toBe(50);
    await store.close();
  });

  it("folds sooner if inserts add to many totals", async () => {
    const base = await fixture();
    const store = new PostgresStore({ pool: base.pool, schema: base.schema, foldEvery: 20 });
    const wide = Array.from({ length: 20 * 16 }, (_, n) => recordOf({ metric: `metric ${n}` }));
    await insert(store, wide);
    await until(base.admin, `select from ${base.schema}.tally having count(*) = 0`);
    await store.close();
  });

  it("does not fold if foldEvery is 0", async () => {
    const base = await fixture();
    const store = new PostgresStore({ pool: base.pool, schema: base.schema, foldEvery: 0 });
    await Promise.all(Array.from({ length: 300 }, () => insert(store, [recordOf()])));
    await store.close();
    expect(await folded(base)).toBe(300);
  });

  it("keeps every event and serves every call if folding fails", async () => {
    const base = await fixture();
    await base.admin.query(`alter table ${base.schema}.day_total add constraint full_up check (count < 0)`);
    const errors: unknown[] = [];
    const store = new PostgresStore({
      pool: base.pool,
      schema: base.schema,
      foldEvery: 5,
      onUpkeepError: (error) => {
        errors.push((error as Error).cause);
        throw new Error("a listener that fails");
      },
    });
    for (let n = 0; n < 12; n++) expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    await expect.poll(() => String(errors[0]), { timeout: 20_000 }).toContain("full_up");
    await store.close();
    expect(await counted(base.store)).toBe(12);
    await base.admin.query(`alter table ${base.schema}.day_total drop constraint full_up`);
    expect(await folded(base)).toBe(12);
    expect(await counted(base.store)).toBe(12);
  });
});

it("totals of a tenant are read from its own tallies", async () => {
  const { store } = await fixture();
  await insert(store, [recordOf(), recordOf({ tenantId: "other", amount: "7" })]);
  const query = { tenantId: TENANT, byClientId: true, byMetric: true, limit: 5 };
  expect(await store.aggregate(query, patient())).toMatchObject([{ count: 1, sum: "1" }]);
});
