import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { postgresUrl } from "../../test/setup/postgres-url.js";

/** Creates a database for one test file, because bench rows drop whole schemas. */
export function benchDatabase(): { readonly url: string; readonly pool: pg.Pool } {
  const name = `bench_${randomBytes(6).toString("hex")}`;
  const admin = new pg.Pool({ connectionString: postgresUrl(), max: 1 });
  const url = Object.assign(new URL(postgresUrl()), { pathname: `/${name}` }).href;
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  // closing connections may get an error when the database is dropped
  for (const each of [admin, pool]) each.on("error", () => undefined);
  beforeAll(async () => {
    await admin.query(`create database ${name}`);
  });
  afterAll(async () => {
    await pool.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });
  return { url, pool };
}
