import { createEvt, type EventRecord } from "@evt/core";
import { claimOf, storedEvent } from "@evt/core/store";
import { PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { fixture } from "../fixture.js";
import { failureOf, insert, patient, recordOf, recordsOf, TENANT } from "../records.js";
import { WAYS, withoutCopy } from "../watched-pool.js";

const EXACT = {
  amount: "99999999999999999999.999999999999999999",
  timestamp: "0001-02-03T04:05:06.123456Z",
  receivedAt: "2026-12-31T23:59:59.999Z",
};

/** Reads everything that a store can return, once. All of it must be exact. */
async function expectExact(store: PostgresStore): Promise<void> {
  const hints = { rawHash: 4_503_599_627_370_495, rules: 2, twins: 3 };
  const record = recordOf({ ...EXACT, ...hints });
  const stored = storedEvent(record);
  const { id } = record;
  const failure = failureOf(recordOf(EXACT));
  expect(await insert(store, [record])).toEqual(["inserted"]);
  const taken = { outcome: "taken", claim: claimOf(record), event: stored };
  expect(await store.insert([record], patient())).toEqual([taken]);
  await store.park([failure], patient());
  expect(await store.get(TENANT, [id, failure.id], patient())).toEqual([stored, failure]);
  const statuses = ["processed", "failed"] as const;
  const page = await store.list({ tenantId: TENANT, statuses, limit: 5, from: EXACT.timestamp }, patient());
  expect(page.entries).toHaveLength(2);
  expect(page.entries).toEqual(expect.arrayContaining([stored, failure]));
  const asked = { tenantId: TENANT, byClientId: false, byMetric: true, limit: 5 };
  const row = { bucket: 0, clientId: null, metric: "metric", unit: null, count: 1 };
  const amounts = { sum: EXACT.amount, min: EXACT.amount, max: EXACT.amount };
  for (const range of [{}, { from: EXACT.timestamp }]) {
    expect(await store.aggregate({ ...asked, ...range }, patient())).toEqual([{ ...row, ...amounts }]);
  }
  const [name] = await store.names({ tenantId: TENANT, of: "metric", limit: 5 }, patient());
  const quarter = new Date(Math.floor(Date.parse(EXACT.timestamp) / 900_000) * 900_000).toISOString();
  expect(name).toEqual({ name: "metric", firstSeenAt: quarter, lastSeenAt: quarter });
  await store.ping(patient());
}

describe("amounts and instants are exact to the last digit and the microsecond", () => {
  it.each([
    [
      "time zone and date style",
      "-c timezone=America/New_York -c datestyle=SQL,DMY -c intervalstyle=sql_standard",
    ],
    ["floats", "-c extra_float_digits=0"],
    ["search path", "-c search_path=nowhere"],
    ["bytes and strings", "-c bytea_output=escape -c standard_conforming_strings=off"],
    ["quoting and nulls", "-c transform_null_equals=on -c quote_all_identifiers=on"],
    ["plans", "-c plan_cache_mode=force_generic_plan -c enable_hashjoin=off -c enable_nestloop=off"],
    ["isolation", "-c default_transaction_isolation=serializable -c default_transaction_deferrable=on"],
  ])("with any session defaults: %s", async (_, options) => {
    for (const [, wrap] of WAYS)
      await expectExact((await fixture({ config: { options }, wrap, reused: true })).store);
  });

  it("with any type parsers of the host", async () => {
    const { NUMERIC, TIMESTAMPTZ, TEXT, INT8, BYTEA } = pg.types.builtins;
    for (const oid of [NUMERIC, TIMESTAMPTZ, TEXT, INT8, BYTEA]) {
      const before = pg.types.getTypeParser(oid);
      onTestFinished(() => pg.types.setTypeParser(oid, before));
      pg.types.setTypeParser(oid, (value) => Number.parseFloat(value));
    }
    const { store, pool } = await fixture({ reused: true });
    await expectExact(store);
    const { rows } = await pool.query("select 0.1::numeric as tenth");
    expect(rows).toEqual([{ tenth: 0.1 }]);
  });

  it("in a pool that requests binary results", async () => {
    const { store } = await fixture({ config: { binary: true } as pg.PoolConfig, reused: true });
    await expectExact(store);
  });

  it("in a pool without prepared statements", async () => {
    const { store, pool } = await fixture({ preparedStatements: false, reused: true });
    await expectExact(store);
    const { rows } = await pool.query("select name from pg_prepared_statements");
    expect(rows).toEqual([]);
  });
});

it("prepares its statements once on each connection", async () => {
  const { store, pool } = await fixture({ config: { max: 1 }, wrap: withoutCopy, reused: true });
  for (let n = 0; n < 5; n++) await insert(store, [recordOf()]);
  const { rows } = await pool.query(
    "select name, generic_plans + custom_plans as runs from pg_prepared_statements",
  );
  expect(rows.find(({ runs }) => Number(runs) >= 5)?.name).toMatch(/^evt_[0-9a-f]{24}$/);
});

it("recovers if a connection's prepared statements were dropped", async () => {
  const { store, pool } = await fixture({ config: { max: 1 }, wrap: withoutCopy, reused: true });
  const evt = createEvt({ store, runtime: { random: () => 0 } });
  const acme = evt.tenant(TENANT);
  await acme.ingest({ client: "a", amount: 1, eventId: "one" });
  await pool.query("deallocate all");
  expect((await acme.ingest({ client: "a", amount: 1, eventId: "two" })).outcome).toBe("processed");
  await evt.close();
});

describe("sessions with an old snapshot", () => {
  it.each(["repeatable read", "serializable"])(
    "(%s) neither lose an event nor count it twice",
    async (isolation) => {
      const options = `-c default_transaction_isolation=${isolation.replace(" ", "\\ ")}`;
      const { store } = await fixture({ config: { options, max: 4 }, reused: true });
      const evt = createEvt({ store, retry: { attempts: 100, baseMs: 2 }, limits: { batchRecords: 5 } });
      const acme = evt.tenant(TENANT);
      const events = Array.from({ length: 40 }, (_, n) => ({ client: "a", amount: 1, eventId: `k${n}` }));
      const reports = await Promise.all([events, [...events].reverse()].map((some) => acme.ingestMany(some)));
      expect(reports.map(({ processed }) => processed).reduce((sum, each) => sum + each)).toBe(40);
      expect(reports.map(({ failed }) => failed)).toEqual([0, 0]);
      expect((await acme.aggregate()).rows).toMatchObject([{ count: 40 }]);
      await evt.close();
    },
  );
});

describe("a read-only server", () => {
  it("rejects inserts and pings, but serves reads", async () => {
    const { store, admin, schema } = await fixture({
      config: { options: "-c default_transaction_read_only=on" },
    });
    const writable = new PostgresStore({ pool: admin, schema });
    await insert(writable, recordsOf(3));
    const unavailable = { code: "EVT_STORE_UNAVAILABLE" };
    await expect(store.insert([recordOf()], patient())).rejects.toMatchObject(unavailable);
    await expect(store.park([failureOf(recordOf())], patient())).rejects.toMatchObject(unavailable);
    await expect(store.ping(patient())).rejects.toMatchObject(unavailable);
    const { entries } = await store.list({ tenantId: TENANT, statuses: ["processed"], limit: 5 }, patient());
    expect(entries).toHaveLength(3);
  });
});

/** Wraps the pool like a pooler with transaction pooling: each statement may use another connection. */
it("does not need session state: each statement may run on another connection", async () => {
  let asked = 0;
  const { store } = await fixture({
    wrap: (pool) => ({
      connect: async () => {
        const listening = await pool.connect();
        const query = async (config: pg.QueryConfig) => {
          asked++;
          // otherwise the last used connection would be the next again
          const [idle, used] = await Promise.all([pool.connect(), pool.connect()]);
          idle.release();
          try {
            return await used.query(config);
          } finally {
            used.release();
          }
        };
        const release = () => listening.release();
        const on = listening.on.bind(listening);
        return {
          query: query as never,
          release,
          on,
          removeListener: listening.removeListener.bind(listening),
        };
      },
      on: pool.on.bind(pool),
      removeListener: pool.removeListener.bind(pool),
    }),
  });
  await expectExact(store);
  const records: EventRecord[] = recordsOf(5);
  expect(await insert(store, [...records, ...records])).toEqual([
    ...Array(5).fill("inserted"),
    ...Array(5).fill("taken"),
  ]);
  expect(asked).toBeGreaterThan(8);
});
