import type pg from "pg";

/** Asks until the query has a row: how a test waits for what another session is to come to. */
export async function until(pool: pg.Pool, text: string, values: unknown[] = []): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(text, values);
    if (rowCount !== 0) return;
  }
}
