import { migrate, migrations, PostgresStore } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished } from "vitest";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn } from "../../src/migrations/index.js";
import { freshSchema, testPool } from "../fixture.js";
import { insert, patient, recordOf } from "../records.js";

const VERSIONS = migrations().map(({ version }) => version);

function setUp() {
  const admin = testPool();
  const schema = freshSchema();
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${schema} cascade`);
  });
  return { admin, schema };
}

describe("the SQL of migrations(), run by hand", () => {
  it("creates a schema that the store accepts, and migrate has nothing to do", async () => {
    const { admin, schema } = setUp();
    for (const { sql } of migrations({ schema })) await admin.query(sql);
    expect(await migrate(admin, { schema })).toEqual([]);
    const store = new PostgresStore({ pool: admin, schema });
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    await store.ping(patient());
    await store.close();
  });

  it("continues after migrate stopped, even in one transaction", async () => {
    const { admin, schema } = setUp();
    await migrateBy(admin, { schema }, (quoted) => migrationsIn(quoted).slice(0, 1));
    await admin.query(`insert into ${schema}.parked (tenant_id, id, status, received_at, issues, attempts, last_attempt_at)
      values ('acme', '\\x01', 'rejected', now(), '[{"code":"amount_missing"}]', 1, now())`);
    const rest = migrations({ schema }).slice(1);
    await admin.query(`begin; ${rest.map(({ sql }) => sql).join("\n")} commit`);
    expect(await migrate(admin, { schema })).toEqual([]);
    const { rows } = await admin.query(`select reasons from ${schema}.parked`);
    expect(rows).toEqual([{ reasons: ["amount_missing"] }]);
  });

  it("can stop halfway, and migrate applies the rest", async () => {
    const { admin, schema } = setUp();
    for (const { sql } of migrations({ schema }).slice(0, 3)) await admin.query(sql);
    expect(await migrate(admin, { schema })).toEqual(VERSIONS.slice(3));
  });
});
