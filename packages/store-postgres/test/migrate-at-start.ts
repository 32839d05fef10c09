import { fileURLToPath } from "node:url";
import { migrate } from "@evt/store-postgres";
import pg from "pg";

/** A lock that starts many processes at once: one holds it, the others wait to share it. */
export const START = {
  hold: "pg_advisory_lock(hashtext($1))",
  give: "pg_advisory_unlock(hashtext($1))",
  wait: "pg_advisory_lock_shared(hashtext($1)), pg_advisory_unlock_shared(hashtext($1))",
} as const;

/** As a program, `migrate-at-start.ts <connection string> <schema>`: waits, migrates, prints the applied versions. */
async function main([connectionString, schema = ""]: string[]): Promise<void> {
  const pool = new pg.Pool({ connectionString, application_name: schema, max: 1 });
  await pool.query(`select ${START.wait}`, [schema]);
  console.log(JSON.stringify(await migrate(pool, { schema })));
  await pool.end();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
