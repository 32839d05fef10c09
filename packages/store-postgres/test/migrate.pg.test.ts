import { migrate, migrations, type PgPool, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { dropDatabase } from "../../../test/setup/drop-database.js";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { fixture, freshSchema, testPool } from "./fixture.js";
import { counted, insert, patient, recordOf } from "./records.js";
import { until } from "./until.js";
import { watched } from "./watched-pool.js";

const VERSIONS = migrations().map(({ version }) => version);

/** Returns an unused schema name. The schema is dropped after the test. */
function schemaToMake(admin: pg.Pool, schema = freshSchema()): string {
  onTestFinished(async () => {
    await admin.query(`drop schema if exists "${schema}" cascade`);
  });
  return schema;
}

async function rowsOf(pool: pg.Pool, text: string, values: unknown[] = []): Promise<unknown[]> {
  const { rows } = await pool.query({ text, values, rowMode: "array" });
  return rows;
}

describe("migrate", () => {
  it("applies every step once, and none in the second run", async () => {
    const pool = testPool();
    const schema = schemaToMake(pool);
    expect(await migrate(pool, { schema })).toEqual(VERSIONS);
    expect(await migrate(pool, { schema })).toEqual([]);
  });

  it("applies each step once if ten pools migrate at the same time", async () => {
    const schema = schemaToMake(testPool());
    const pools = Array.from({ length: 10 }, () => testPool({ max: 1 }));
    const applied = await Promise.all(pools.map((pool) => migrate(pool, { schema })));
    expect(applied.flat().sort((a, b) => a - b)).toEqual(VERSIONS);
  });

  it("waits for another process longer than the timeouts of the pool and its sessions", async () => {
    const timeouts = "-c statement_timeout=100 -c lock_timeout=100";
    const defaults = "-c default_transaction_read_only=on -c default_transaction_isolation=serializable";
    const admin = testPool();
    const schema = schemaToMake(admin);
    const hurried = testPool({ options: `${timeouts} ${defaults}`, application_name: schema });
    const first = await admin.connect();
    await first.query("begin");
    await first.query("select pg_advisory_xact_lock(hashtextextended('evt.migrate ' || $1::text, 0))", [
      schema,
    ]);
    const waiting = migrate(hurried, { schema });
    const late = "query_start - backend_start > '150 ms'::interval";
    await until(admin, `select from pg_stat_activity where application_name = $1 and ${late}`, [schema]);
    await first.query("commit");
    first.release();
    expect(await waiting).toEqual(VERSIONS);
  });

  it("creates the partitions of three months, beginning with the current month", async () => {
    const pool = testPool({ options: "-c timezone=UTC -c datestyle=ISO" });
    const schema = schemaToMake(pool);
    const elsewhere = testPool({ options: "-c timezone=Asia/Kathmandu -c datestyle=SQL,DMY" });
    await migrate(elsewhere, { schema, now: new Date("2026-11-30T23:59:59.999Z") });
    const partitions = await rowsOf(
      pool,
      "select relname, pg_get_expr(relpartbound, oid) from pg_class where relispartition and relkind = 'r' and relnamespace = $1::regnamespace order by 1",
      [schema],
    );
    const bounds = (from: string, to: string) =>
      `FOR VALUES FROM ('${from}-01 00:00:00+00') TO ('${to}-01 00:00:00+00')`;
    expect(partitions).toEqual([
      ["event_2026_11", bounds("2026-11", "2026-12")],
      ["event_2026_12", bounds("2026-12", "2027-01")],
      ["event_2027_01", bounds("2027-01", "2027-02")],
    ]);
  });

  it("applies a step completely or not at all", async () => {
    const pool = testPool();
    const schema = schemaToMake(pool);
    await pool.query(`create schema ${schema}`);
    await pool.query(`create table ${schema}.parked ()`);
    await expect(migrate(pool, { schema })).rejects.toThrow('relation "parked" already exists');
    const tables = await rowsOf(pool, "select relname from pg_class where relnamespace = $1::regnamespace", [
      schema,
    ]);
    expect(tables).toEqual([["parked"]]);
  });

  it("refuses a schema that was created with different SQL", async () => {
    const { admin, schema } = await fixture();
    await admin.query(`update ${schema}.migration set checksum = 'other' where version = 1`);
    await expect(migrate(admin, { schema })).rejects.toThrow(
      /migration 1 \(initial\) was applied to schema .* with different SQL than this build has/,
    );
  });

  it("refuses a database with another encoding", async () => {
    const admin = testPool();
    const name = freshSchema();
    await admin.query(
      `create database ${name} encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`,
    );
    const url = new URL(postgresUrl());
    url.pathname = name;
    const pool = new pg.Pool({ connectionString: url.href });
    onTestFinished(async () => {
      await pool.end();
      await dropDatabase(admin, name);
    });
    await expect(migrate(pool)).rejects.toThrow("the database's encoding is SQL_ASCII; it must be UTF8");
  });

  it("runs only the SQL of its steps, in a schema with any valid name", async () => {
    const pool = testPool();
    const schema = schemaToMake(pool, `Odd-${freshSchema()}-select`);
    const [initial] = migrations({ schema });
    expect(initial).toMatchObject({ version: 1, name: "initial" });
    expect(initial?.sql).toContain(`create table "${schema}".claim (`);
    await migrate(pool, { schema });
    const store = new PostgresStore({ pool, schema });
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    expect(await counted(store)).toBe(1);
    await store.close();
  });

  it.each(["", "pg_evt", 'a"b', "a.b", "a b", "1a", "é", "x".repeat(64), "a;drop"])(
    "refuses the schema %j before it connects",
    async (schema) => {
      const untouched: Pick<PgPool, "connect"> = { connect: () => Promise.reject(new Error("connected")) };
      await expect(migrate(untouched, { schema })).rejects.toThrow(TypeError);
      expect(() => migrations({ schema })).toThrow(TypeError);
    },
  );

  it("refuses an unknown option", async () => {
    const misspelt = { shema: "evt" } as object;
    await expect(migrate(testPool(), misspelt)).rejects.toThrow(
      'migrate has no option "shema"; did you mean "schema"?',
    );
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses to create partitions for %s months",
    async (monthsAhead) => {
      await expect(migrate(testPool(), { monthsAhead })).rejects.toThrow(
        "it must be a whole number from 0 to 1200",
      );
    },
  );

  it("returns its connection after success and closes it after a failure", async () => {
    const { admin, schema } = await fixture();
    const { pool, released } = watched(testPool());
    await migrate(pool, { schema });
    await admin.query(`update ${schema}.migration set checksum = 'other'`);
    await expect(migrate(pool, { schema })).rejects.toThrow("with different SQL");
    expect(released).toEqual(["kept", "destroyed"]);
  });

  it("fails without a crash if its connection is lost between two queries", async () => {
    const { admin, schema } = await fixture();
    const { pool } = watched(testPool(), {
      afterQuery: async (query, client) => {
        if (!query.text.includes("pg_try_advisory_xact_lock")) return;
        const ended = new Promise((resolve) => client.once("end", resolve));
        await admin.query("select pg_terminate_backend($1::int)", [client.processID]);
        await ended;
      },
    });
    await expect(migrate(pool, { schema })).rejects.toThrow("not queryable");
    expect(await migrate(admin, { schema })).toEqual([]);
  });
});

describe("a role without privileges on the database", () => {
  it("migrates a schema that it owns", async () => {
    const admin = testPool();
    const schema = schemaToMake(admin);
    await admin.query(`create role ${schema} login password 'secret'`);
    onTestFinished(async () => {
      await admin.query(`drop owned by ${schema} cascade; drop role ${schema}`);
    });
    await admin.query(`create schema ${schema} authorization ${schema}`);
    const pool = testPool({ user: schema, password: "secret", ...serverOf(postgresUrl()) });
    expect(await migrate(pool, { schema })).toEqual(VERSIONS);
    const store = new PostgresStore({ pool, schema });
    await store.ping(patient());
    await expect(migrate(pool, { schema: freshSchema() })).rejects.toThrow("permission denied for database");
    await store.close();
  });
});

function serverOf(url: string): pg.PoolConfig {
  const { hostname, port, pathname } = new URL(url);
  // a user in the connection string would override the `user` option
  return { connectionString: undefined, host: hostname, port: Number(port), database: pathname.slice(1) };
}
