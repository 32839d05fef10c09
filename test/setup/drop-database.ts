import type pg from "pg";

/**
 * Drops a database once its last connection is closed. `pool.end()` resolves earlier. If the server terminates a
 * client before that, the client emits an error.
 */
export async function dropDatabase(admin: pg.Pool, name: string): Promise<void> {
  while (((await admin.query("select from pg_stat_activity where datname = $1", [name])).rowCount ?? 0) > 0);
  await admin.query(`drop database ${name}`);
}
