import { migrate } from "@evt/store-postgres";
import pg from "pg";

export const SCHEMA = "evt";

/** Does `work` over connections of its own. */
export async function withPool<T>(
  url: string,
  connections: number,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  // ended connections linger for a moment; a server that stops meanwhile says so on them
  pool.on("error", () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/**
 * Does `work` on empty tables over connections of its own. A checkpoint before: nobody pays for what the one before
 * him wrote.
 */
export function onFreshSchema<T>(
  url: string,
  connections: number,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  return withPool(url, connections, async (pool) => {
    await makeFresh(pool, SCHEMA);
    return work(pool);
  });
}

export async function makeFresh(pool: pg.Pool, schema: string): Promise<void> {
  await pool.query(`drop schema if exists ${schema} cascade`);
  await pool.query("checkpoint");
  await migrate(pool, { schema });
}
