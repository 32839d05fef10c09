import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** Polls until the query returns a row: waits for the work of another session. */
export async function until(pool: pg.Pool, text: string, values: unknown[] = []): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(text, values);
    if (rowCount !== 0) return;
    // leaves the processor to that session
    await sleep(5);
  }
}
