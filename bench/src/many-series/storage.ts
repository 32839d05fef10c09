import type { Pool } from "pg";

/** The tables of the totals. */
const TOTALS = ["day_total", "month_total", "sealed_month", "tally"];

/** Returns the bytes of the totals, with their indexes. */
export async function bytesOfTotals(pool: Pool, schema: string): Promise<number> {
  return bytesOf(pool, schema, TOTALS);
}

/** Returns the bytes of all tables of the schema, with their indexes. */
export async function bytesOfAll(pool: Pool, schema: string): Promise<number> {
  return bytesOf(pool, schema, null);
}

/** Vacuums the totals first, as autovacuum does, because each fold leaves dead rows. */
async function bytesOf(pool: Pool, schema: string, tables: readonly string[] | null): Promise<number> {
  await pool.query(`vacuum ${TOTALS.map((table) => `${schema}.${table}`).join(", ")}`);
  const { rows } = await pool.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(oid)) as bytes from pg_class
      where relnamespace = $1::regnamespace and relkind = 'r' and ($2::text[] is null or relname = any($2))`,
    [schema, tables],
  );
  return Number(rows[0]?.bytes);
}
