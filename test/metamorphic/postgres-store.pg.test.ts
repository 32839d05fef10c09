import { randomBytes } from "node:crypto";
import { migrate, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { inject, onTestFinished } from "vitest";
import { describeLaws } from "../../packages/http-express/test/metamorphic/laws.js";

/** A schema of one's own, until the test ends. */
async function store(): Promise<PostgresStore> {
  const pool = new pg.Pool({ connectionString: inject("postgresUrl"), max: 4 });
  const schema = `laws_${randomBytes(6).toString("hex")}`;
  await migrate(pool, { schema, now: new Date("2026-11-23T09:00:00Z"), monthsAhead: 1 });
  const store = new PostgresStore({ pool, schema });
  onTestFinished(async () => {
    await store.close();
    await pool.query(`drop schema ${schema} cascade`);
    await pool.end();
  });
  return store;
}

describeLaws("PostgresStore", { store, numRuns: 30 });
