import { createEvt } from "@evt/core";
import { maintain, type PgPool, PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn } from "../../src/migrations/index.js";
import { fixture, freshSchema, testPool } from "../fixture.js";
import { failureOf, patient, recordOf, TENANT } from "../records.js";
import { withoutCopy } from "../watched-pool.js";

/** A pool on which inserts fail while `fail` is set. */
function failing(pool: PgPool): { readonly pool: PgPool; fails: boolean } {
  const outage = { fails: false, pool };
  const connect = async () => {
    const client = await withoutCopy(pool).connect();
    const query: typeof client.query = async (asked) => {
      if (outage.fails && /insert into [^ ]+\.claim/.test(asked.text))
        throw Object.assign(new Error("the connection was lost"), { code: "ECONNRESET" });
      return client.query(asked);
    };
    return { ...client, query };
  };
  outage.pool = { ...withoutCopy(pool), connect };
  return outage;
}

describe("an event that failed", () => {
  it.each([
    ["conflict", (schema: string) => `select from ${schema}.claim`],
    ["rejected", (schema: string) => `alter table ${schema}.event add check (amount <> 2)`],
  ] as const)(
    "and later got the outcome %s is listed and counted with that status only",
    async (status, refuse) => {
      const { pool, schema, admin } = await fixture();
      const outage = failing(pool);
      const store = new PostgresStore({ pool: outage.pool, schema });
      const evt = createEvt({ store, retry: { attempts: 1 } });
      const events = evt.tenant(TENANT);
      const event = { clientId: "shop", metric: "order", amount: 1, idempotencyKey: "k" };
      if (status === "conflict") await events.ingest(event);
      outage.fails = true;
      expect(await events.ingestMany([{ ...event, amount: 2 }])).toMatchObject({ failed: 1 });
      outage.fails = false;
      await admin.query(refuse(schema));
      expect((await events.list({ status: ["failed"] })).entries).toHaveLength(1);
      expect(await events.ingest({ ...event, amount: 2 })).toMatchObject({ outcome: status });
      expect((await events.list({ status: ["failed"] })).entries).toEqual([]);
      expect(await events.reasons()).toMatchObject([{ status, count: 1 }]);
      await evt.close();
    },
  );

  it("and is later rejected by different rules is listed as rejected only", async () => {
    const { pool, schema } = await fixture();
    const outage = failing(pool);
    const store = new PostgresStore({ pool: outage.pool, schema });
    const before = createEvt({ store, retry: { attempts: 1 } });
    const after = createEvt({ store, mapping: { fields: { amount: "cost" } } });
    const event = { clientId: "shop", metric: "order", amount: 1 };
    outage.fails = true;
    expect(await before.tenant(TENANT).ingestMany([event])).toMatchObject({ failed: 1 });
    outage.fails = false;
    expect(await after.tenant(TENANT).ingest(event)).toMatchObject({ outcome: "rejected" });
    expect(await after.tenant(TENANT).reasons()).toMatchObject([{ status: "rejected", count: 1 }]);
    for (const evt of [before, after]) await evt.close();
  });

  it("is not listed if it was parked concurrently with its conflict, and `maintain` resolves it", async () => {
    const { store, schema, admin } = await fixture();
    const record = recordOf();
    const failure = failureOf(record);
    const conflict = failureOf(record, { id: recordOf().identity, status: "conflict", error: null });
    await store.park([conflict, failure], patient());
    await admin.query(`update ${schema}.parked set resolved_at = null`);
    const failures = { tenantId: TENANT, statuses: ["failed"] as const, limit: 5 };
    expect((await store.list(failures, patient())).entries).toEqual([]);
    expect(await store.reasons({ ...failures, limit: 5 }, patient())).toEqual([]);
    const [entry] = await store.get(TENANT, [failure.id], patient());
    expect(entry).toMatchObject({ resolvedAt: conflict.lastAttemptAt });
    expect(await maintain(admin, { schema })).toMatchObject({ resolved: 1 });
    expect(await maintain(admin, { schema })).toMatchObject({ resolved: 0 });
  });
});

it("the index of resolved failures is built while other sessions write to filled tables", async () => {
  const schema = freshSchema();
  const pool = testPool();
  const now = new Date("2026-03-01");
  await migrateBy(pool, { schema, now, monthsAhead: 1 }, (quoted) =>
    migrationsIn(quoted).filter(({ name }) => name !== "settled failures"),
  );
  const store = new PostgresStore({ pool, schema });
  const park = `insert into ${schema}.parked (tenant_id, id, status, received_at, issues, attempts, last_attempt_at)
    values ('acme', '\\x01', 'rejected', now(), '[]', 1, now())`;
  await pool.query(park);
  await migrateBy(pool, { schema, now, monthsAhead: 1 }, migrationsIn);
  const { rows } = await pool.query(
    "select indisvalid as valid from pg_index where indexrelid = $1::regclass",
    [`${schema}.parked_settled`],
  );
  expect(rows).toEqual([{ valid: true }]);
  await store.close();
  await pool.query(`drop schema ${schema} cascade`);
});
