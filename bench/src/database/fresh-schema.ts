import { migrate } from "@evt/store-postgres";
import pg from "pg";

export const SCHEMA = "evt";

/** Runs `work` with its own pool, and closes the pool. */
export async function withPool<T>(
  url: string,
  connections: number,
  work: (pool: pg.Pool) => Promise<T>,
): Promise<T> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  // when the server stops, closing connections may get an error
  pool.on("error", () => undefined);
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/**
 * Runs `work` on empty tables with its own pool, after a checkpoint, so that a measurement does not include the
 * previous measurement's writes.
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

export async function dropSchemas(pool: pg.Pool, schemas: readonly string[]): Promise<void> {
  for (const schema of schemas) await pool.query(`drop schema if exists ${schema} cascade`);
}
