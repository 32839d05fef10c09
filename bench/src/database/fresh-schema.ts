import { migrate } from "@evt/store-postgres";
import pg from "pg";

export const SCHEMA = "evt";

/**
 * Does `work` on empty tables over connections of its own. A checkpoint before: nobody pays for what the one before
 * him wrote.
 */
export async function onFreshSchema<T>(
  url: string,
  connections: number,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  // ended connections linger for a moment; a server that stops meanwhile says so on them
  pool.on("error", () => undefined);
  try {
    await pool.query(`drop schema if exists ${SCHEMA} cascade`);
    await pool.query("checkpoint");
    await migrate(pool);
    return await work(pool);
  } finally {
    await pool.end();
  }
}
