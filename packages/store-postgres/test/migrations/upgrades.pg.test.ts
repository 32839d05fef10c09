import { migrate } from "@evt/store-postgres";
import type pg from "pg";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn } from "../../src/migrations/index.js";
import { createFixture, type Fixture, freshSchema, testPool } from "../fixture.js";
import { columnsOf, copyRows, dump, fill, resultsOf, tablesOf } from "./filled-schema.js";
import { underLoad } from "./old-traffic.js";
import { UPGRADES } from "./upgrade-fixtures.js";

const STEPS = migrationsIn("evt").map(({ version, name }) => [version, name] as const);
const MONTHS = { now: new Date("2026-01-01T00:00:00Z"), monthsAhead: 3 };
/** The longest allowed wait while a step runs: far longer than a step, far shorter than a hang. */
const BOUND_MS = 20_000;

let current: Fixture;
beforeAll(async () => {
  current = await createFixture({ months: MONTHS });
  await fill(current);
  return current.dispose;
});

/** Returns an unused schema name. The schema is dropped after the test. */
function schemaToMake(admin: pg.Pool): string {
  const schema = freshSchema();
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${schema} cascade`);
  });
  return schema;
}

/** Creates a schema of the last version, with the rows of some tables. `rollup` became `day_total`. */
async function schemaWith(admin: pg.Pool, tables: readonly string[]): Promise<string> {
  const schema = schemaToMake(admin);
  await migrate(admin, { schema, monthsAhead: 0 });
  const others = tables.filter((table) => table !== "rollup" && table !== "day_total");
  await copyRows(admin, current.schema, schema, [...others, "day_total"]);
  return schema;
}

/** Creates a schema of the previous version, with the rows that it would have. */
async function schemaBefore(version: number): Promise<{ admin: pg.Pool; schema: string }> {
  const admin = testPool();
  const schema = schemaToMake(admin);
  await migrateTo(admin, schema, version - 1);
  if (version === 1) return { admin, schema };
  await copyRows(admin, current.schema, schema, await tablesOf(admin, schema));
  for (const [step, { asBefore, fills, adds }] of UPGRADES) {
    const missing = await Promise.all(fills.map(async (column) => !(await hasColumn(admin, schema, column))));
    if (adds !== undefined) missing.push(!(await tablesOf(admin, schema)).includes(adds));
    if (step >= version && !missing.includes(true)) await admin.query(asBefore(schema));
  }
  return { admin, schema };
}

async function hasColumn(admin: pg.Pool, schema: string, name: string): Promise<boolean> {
  const [table = "", column = ""] = name.split(".");
  return (
    (await tablesOf(admin, schema)).includes(table) &&
    (await columnsOf(admin, schema, table)).includes(column)
  );
}

function migrateTo(
  pool: pg.Pool,
  schema: string,
  version: number,
  lockTimeoutMs = 200,
): Promise<readonly number[]> {
  const upTo = (quoted: string) => migrationsIn(quoted).filter((step) => step.version <= version);
  if (version === 0) return pool.query(`create schema ${schema}`).then(() => []);
  return migrateBy(pool, { schema, monthsAhead: 0, lockTimeoutMs }, upTo);
}

/** The columns that a step does not change, by table. */
async function columnsKept(admin: pg.Pool, schema: string, version: number) {
  const kept = new Map<string, string[]>();
  const { fills = [], adds } = UPGRADES.get(version) ?? {};
  for (const table of await tablesOf(admin, schema)) {
    if (table === adds) continue;
    const columns = await columnsOf(admin, schema, table);
    kept.set(
      table,
      columns.filter((column) => !fills.includes(`${table}.${column}`)),
    );
  }
  return kept;
}

describe.each(STEPS)("the upgrade to version %i (%s)", (version) => {
  it("has a fixture", () => {
    expect([...UPGRADES.keys()], "add the step to upgrade-fixtures.ts").toContain(version);
  });

  it("changes only the columns that it fills", async () => {
    const { admin, schema } = await schemaBefore(version);
    const kept = await columnsKept(admin, schema, version);
    const before = await dump(admin, schema, kept);
    expect(await migrateTo(admin, schema, version)).toEqual([version]);
    expect(await dump(admin, schema, kept)).toEqual(before);
    if (version > 1) expect([...before.values()].flat().length).toBeGreaterThan(300);
    for (const column of UPGRADES.get(version)?.fills ?? []) {
      const [table = "", name = ""] = column.split(".");
      const filled = new Map([[table, ["tenant_id", "id", name]]]);
      expect(await dump(admin, schema, filled)).toEqual(await dump(current.admin, current.schema, filled));
    }
  });

  it.runIf(version > 1)("and all later upgrades give the same results as a new schema", async () => {
    const { admin, schema } = await schemaBefore(version);
    const expected = await schemaWith(admin, await tablesOf(admin, schema));
    await migrate(admin, { schema, monthsAhead: 0 });
    const results = await resultsOf(admin, schema);
    expect(results).toEqual(await resultsOf(admin, expected));
    expect(results).toMatchObject({ differences: [] });
  });

  it.runIf(version > 1)(
    "runs while other sessions write and read: none fails, none waits long, and every event is counted",
    async () => {
      const { admin, schema } = await schemaBefore(version);
      const load = await underLoad(schema, () => migrateTo(admin, schema, version));
      expect(load.failures).toEqual([]);
      expect(load.slowestMs).toBeLessThan(BOUND_MS);
      expect(load.counted).toBeGreaterThan(0);
      expect(await load.stored(admin)).toEqual({
        claims: load.counted,
        events: load.counted,
        parked: load.parked,
      });
    },
  );
});
