import { migrate, migrations } from "@evt/store-postgres";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn } from "../../src/migrations/index.js";
import { createFixture, type Fixture, freshSchema } from "../fixture.js";
import { columnsOf, copyRows, dump, fill, resultsOf, tablesOf } from "./filled-schema.js";
import { underLoad } from "./old-traffic.js";
import { UPGRADES } from "./upgrade-fixtures.js";

const STEPS = migrationsIn("evt").map(({ version, name }) => [version, name] as const);
const MONTHS = { now: new Date("2026-01-01T00:00:00Z"), monthsAhead: 3 };
/** The longest allowed wait while a step runs: far longer than a step, far shorter than a hang. */
const BOUND_MS = 20_000;

let current: Fixture;
const made: string[] = [];
beforeAll(async () => {
  current = await createFixture({ months: MONTHS });
  await fill(current);
});
afterAll(async () => {
  for (const schema of made) await current.admin.query(`drop schema if exists ${schema} cascade`);
  await current.dispose();
});

/** Creates a schema of a version in one round trip, and returns its name. The schema is dropped after all tests. */
async function schemaOf(version: number): Promise<string> {
  const schema = freshSchema();
  made.push(schema);
  const steps = migrations({ schema }).filter((step) => step.version <= version);
  await current.admin.query(steps.length === 0 ? `create schema ${schema}` : joined(steps));
  return schema;
}

const joined = (steps: readonly { readonly sql: string }[]) => steps.map(({ sql }) => sql).join("\n");

/** Results by table names. */
const expected = new Map<string, Promise<unknown>>();

/** Returns the results of a new schema with the rows of some tables. `rollup` became `day_total`. */
function resultsWith(tables: readonly string[]): Promise<unknown> {
  const others = tables.filter((table) => table !== "rollup" && table !== "day_total");
  const key = others.join();
  const results = expected.get(key) ?? resultsOfNew([...others, "day_total"]);
  expected.set(key, results);
  return results;
}

async function resultsOfNew(tables: readonly string[]): Promise<unknown> {
  const schema = await schemaOf(Number.POSITIVE_INFINITY);
  await copyRows(current.admin, current.schema, schema, tables);
  return resultsOf(current.admin, schema);
}

/** Creates a schema of the previous version, with the rows that it would have. */
async function schemaBefore(version: number): Promise<string> {
  const schema = await schemaOf(version - 1);
  const { admin } = current;
  if (version === 1) return schema;
  await copyRows(admin, current.schema, schema, await tablesOf(admin, schema));
  for (const [step, { asBefore, fills, adds }] of UPGRADES) {
    const missing = await Promise.all(fills.map(async (column) => !(await hasColumn(admin, schema, column))));
    if (adds !== undefined) missing.push(!(await tablesOf(admin, schema)).includes(adds));
    if (step >= version && !missing.includes(true)) await admin.query(asBefore(schema));
  }
  return schema;
}

async function hasColumn(admin: pg.Pool, schema: string, name: string): Promise<boolean> {
  const [table = "", column = ""] = name.split(".");
  return (
    (await tablesOf(admin, schema)).includes(table) &&
    (await columnsOf(admin, schema, table)).includes(column)
  );
}

function migrateTo(schema: string, version: number): Promise<readonly number[]> {
  const upTo = (quoted: string) => migrationsIn(quoted).filter((step) => step.version <= version);
  return migrateBy(current.admin, { schema, monthsAhead: 0, lockTimeoutMs: 200 }, upTo);
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
  /** A schema of the previous version, its rows, and the tables that it had. Then the schema was upgraded. */
  const upgraded = once(async () => {
    const { admin } = current;
    const schema = await schemaBefore(version);
    const tables = await tablesOf(admin, schema);
    const kept = await columnsKept(admin, schema, version);
    const before = await dump(admin, schema, kept);
    return { schema, tables, kept, before, applied: await migrateTo(schema, version) };
  });

  it("has a fixture", () => {
    expect([...UPGRADES.keys()], "add the step to upgrade-fixtures.ts").toContain(version);
  });

  it("changes only the columns that it fills", async () => {
    const { admin } = current;
    const { schema, kept, before, applied } = await upgraded();
    expect(applied).toEqual([version]);
    expect(await dump(admin, schema, kept)).toEqual(before);
    if (version > 1) expect([...before.values()].flat().length).toBeGreaterThan(300);
    for (const column of UPGRADES.get(version)?.fills ?? []) {
      const [table = "", name = ""] = column.split(".");
      const filled = new Map([[table, ["tenant_id", "id", name]]]);
      expect(await dump(admin, schema, filled)).toEqual(await dump(admin, current.schema, filled));
    }
  });

  it.runIf(version > 1)("and all later upgrades give the same results as a new schema", async () => {
    const { schema, tables } = await upgraded();
    await migrate(current.admin, { schema, monthsAhead: 0 });
    const results = await resultsOf(current.admin, schema);
    expect(results).toEqual(await resultsWith(tables));
    expect(results).toMatchObject({ differences: [] });
  });

  it.runIf(version > 1)(
    "runs while other sessions write and read: none fails, none waits long, and every event is counted",
    async () => {
      const schema = await schemaBefore(version);
      const load = await underLoad(schema, () => migrateTo(schema, version));
      expect(load.failures).toEqual([]);
      expect(load.slowestMs).toBeLessThan(BOUND_MS);
      expect(load.counted).toBeGreaterThan(0);
      expect(await load.stored(current.admin)).toEqual({
        claims: load.counted,
        events: load.counted,
        parked: load.parked,
      });
    },
  );
});

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
