import type { AggregateQuery } from "@evt/core/store";
import { maintain, PostgresStore, recount } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { insert, patient, recordOf, TENANT } from "../records.js";
import { folded } from "../totals/folded.js";

const MARCH = "2026-03-01T00:00:00.000Z";
const APRIL = "2026-04-01T00:00:00.000Z";
const MAY = "2026-05-01T00:00:00.000Z";
const RANGE = { from: "2026-01-01", to: "2026-12-31" };

const seal = ({ admin, schema }: Fixture, now: string) =>
  maintain(admin, { schema, monthsAhead: 0, now: new Date(now) });

/** Returns `client: count, sum, min, max` for each client. */
async function byClient({ store }: Fixture, asked: Partial<AggregateQuery> = {}): Promise<string[]> {
  const query = { tenantId: TENANT, byClientId: true, byMetric: false, limit: 10_000, ...asked };
  const rows = await store.aggregate(query, patient());
  return rows
    .map(
      ({ bucket, clientId, count, sum, min, max }) =>
        `${bucket} ${clientId}: ${count}, ${sum}, ${min}, ${max}`,
    )
    .sort();
}

/** Returns the same totals as the sums over metrics, which are read from days. */
async function byClientFromDays(made: Fixture, asked: Partial<AggregateQuery> = {}): Promise<string[]> {
  const query = { tenantId: TENANT, byClientId: true, byMetric: true, limit: 10_000, ...asked };
  const sums = new Map<string, { count: number; sum: number; min: number; max: number }>();
  for (const { bucket, clientId, count, sum, min, max } of await made.store.aggregate(query, patient())) {
    const key = `${bucket} ${clientId}`;
    const so = sums.get(key) ?? { count: 0, sum: 0, min: Number(min), max: Number(max) };
    sums.set(key, {
      count: so.count + count,
      sum: so.sum + Number(sum),
      min: Math.min(so.min, Number(min)),
      max: Math.max(so.max, Number(max)),
    });
  }
  return Array.from(
    sums,
    ([key, { count, sum, min, max }]) => `${key}: ${count}, ${sum}, ${min}, ${max}`,
  ).sort();
}

async function sealedMonths({ admin, schema }: Fixture): Promise<string[]> {
  const { rows } = await admin.query(
    `select tenant_id || ' ' || to_char(month, 'YYYY-MM-DD') || coalesce(' to ' || built_to, '') as sealed from ${schema}.sealed_month order by 1`,
  );
  return rows.map(({ sealed }) => sealed);
}

async function differences({ admin, schema }: Fixture) {
  return (await recount(admin, { schema, ...RANGE })).differences;
}

/** Events of two clients in March and April, folded. */
async function filled(): Promise<Fixture> {
  const made = await fixture({ foldEvery: 0 });
  await insert(made.store, [
    recordOf({ clientId: "a", metric: "x", amount: "1", timestamp: "2026-03-01T00:00:00.000Z" }),
    recordOf({ clientId: "a", metric: "y", amount: "-2", timestamp: "2026-03-31T23:59:59.999Z" }),
    recordOf({ clientId: "b", metric: "x", amount: "4", timestamp: "2026-03-15T12:00:00.000Z" }),
    recordOf({ clientId: "b", metric: "x", amount: "8", timestamp: "2026-04-01T00:00:00.000Z" }),
    recordOf({ tenantId: "other", clientId: "a", amount: "16", timestamp: "2026-03-02T00:00:00.000Z" }),
  ]);
  await folded(made);
  return made;
}

describe("maintain seals the months of each tenant", () => {
  it("a day after they have ended, not before", async () => {
    const made = await filled();
    await seal(made, "2026-04-01T23:59:00Z");
    expect(await sealedMonths(made)).toEqual([]);
    await seal(made, "2026-04-02T00:00:00Z");
    expect(await sealedMonths(made)).toEqual(["acme 2026-03-01", "other 2026-03-01"]);
    await seal(made, MAY.replace("-01T", "-03T"));
    expect(await sealedMonths(made)).toEqual(["acme 2026-03-01", "acme 2026-04-01", "other 2026-03-01"]);
    expect(await byClient(made)).toEqual(["0 a: 2, -1, -2, 1", "0 b: 2, 12, 4, 8"]);
    expect(await differences(made)).toEqual([]);
  });

  it("and totals by client are read from them, but totals of days and metrics are not", async () => {
    const made = await filled();
    await seal(made, "2026-04-02T00:00:00Z");
    await made.admin.query(`update ${made.schema}.month_total set sum = sum + 1000`);
    expect(await byClient(made)).toEqual(["0 a: 2, 999, -2, 1", "0 b: 2, 1012, 4, 8"]);
    expect(await byClient(made, { byClientId: false, clientId: "b" })).toEqual(["0 null: 2, 1012, 4, 8"]);
    expect(await byClient(made, { from: MARCH, to: APRIL, buckets: [MARCH] })).toEqual([
      "0 a: 2, 999, -2, 1",
      "0 b: 1, 1004, 4, 4",
    ]);
    expect(await byClient(made, { from: "2026-03-02T00:00:00.000Z" })).toEqual([
      "0 a: 1, -2, -2, -2",
      "0 b: 2, 12, 4, 8",
    ]);
    expect(await byClient(made, { metric: "x" })).toEqual(["0 a: 1, 1, 1, 1", "0 b: 2, 12, 4, 8"]);
  });

  it("and later folds add late events to them", async () => {
    const made = await filled();
    await seal(made, "2026-04-02T00:00:00Z");
    await insert(made.store, [
      recordOf({ clientId: "a", amount: "32", timestamp: "2026-03-20T00:00:00.000Z" }),
      recordOf({ clientId: "c", amount: "64", timestamp: "2026-03-20T00:00:00.000Z" }),
      recordOf({ clientId: "c", amount: "128", timestamp: "2026-04-20T00:00:00.000Z" }),
    ]);
    const expected = ["0 a: 3, 31, -2, 32", "0 b: 2, 12, 4, 8", "0 c: 2, 192, 64, 128"];
    expect(await byClient(made)).toEqual(expected);
    await folded(made);
    expect(await byClient(made)).toEqual(expected);
    expect(await differences(made)).toEqual([]);
  });

  it("step by step, while others insert and fold: every total is exact", async () => {
    const made = await fixture({ foldEvery: 0 });
    const folding = new PostgresStore({ pool: made.pool, schema: made.schema, foldEvery: 1 });
    const clients = (round: number) =>
      Array.from({ length: 1_300 }, (_, n) =>
        recordOf({
          clientId: `client ${String(n).padStart(4, "0")}`,
          metric: `metric ${n % 3}`,
          amount: String(n + round),
          timestamp: `2026-03-${String(10 + ((n + round) % 3))}T10:00:00.000Z`,
        }),
      );
    await insert(made.store, clients(0));
    await folded(made);
    const writing = (async () => {
      for (let round = 1; round <= 6; round++) await insert(folding, clients(round));
    })();
    for (let n = 0; n < 3; n++) await seal(made, "2026-04-02T00:00:00Z");
    await writing;
    await folding.close();
    await seal(made, "2026-04-02T00:00:00Z");
    expect(await sealedMonths(made)).toEqual(["acme 2026-03-01"]);
    expect(await differences(made)).toEqual([]);
    const totals = await byClient(made);
    expect(totals).toHaveLength(1_300);
    expect(totals).toEqual(await byClientFromDays(made));
  });

  it("and continues with a month whose sealing was interrupted", async () => {
    const made = await filled();
    await seal(made, "2026-04-02T00:00:00Z");
    await made.admin.query(`
      update ${made.schema}.sealed_month set built_to = 'b' where tenant_id = 'acme';
      delete from ${made.schema}.month_total where tenant_id = 'acme' and client_id = 'b'`);
    const expected = ["0 a: 2, -1, -2, 1", "0 b: 2, 12, 4, 8"];
    expect(await byClient(made)).toEqual(expected);
    await insert(made.store, [
      recordOf({ clientId: "a", amount: "1", timestamp: MARCH }),
      recordOf({ clientId: "b", amount: "5", timestamp: MARCH }),
    ]);
    await folded(made);
    expect(await differences(made)).toEqual([]);
    await seal(made, "2026-04-02T00:00:00Z");
    expect(await sealedMonths(made)).toEqual(["acme 2026-03-01", "other 2026-03-01"]);
    expect(await byClient(made)).toEqual(["0 a: 3, 0, -2, 1", "0 b: 3, 17, 4, 8"]);
    expect(await differences(made)).toEqual([]);
  });
});

it("recount finds a wrong total of a sealed month, and a repair has it computed again", async () => {
  const made = await filled();
  await seal(made, "2026-04-02T00:00:00Z");
  await made.admin.query(`update ${made.schema}.month_total set count = count + 1 where client_id = 'b'`);
  const total = { tenantId: "acme", clientId: "b", metric: null, unit: null, span: "month", at: MARCH };
  expect(await differences(made)).toEqual([
    { ...total, stored: { count: 2, sum: "4" }, counted: { count: 1, sum: "4" } },
  ]);
  await recount(made.admin, { schema: made.schema, from: "2026-03-15", to: "2026-03-15", repair: true });
  expect(await sealedMonths(made)).toEqual([]);
  expect(await byClient(made)).toEqual(["0 a: 2, -1, -2, 1", "0 b: 2, 12, 4, 8"]);
  await seal(made, "2026-04-02T00:00:00Z");
  expect(await sealedMonths(made)).toHaveLength(2);
  expect(await differences(made)).toEqual([]);
});
