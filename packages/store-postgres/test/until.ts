import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** Polls until the query returns a row, to wait for another session's work. */
export async function until(pool: pg.Pool, text: string, values: unknown[] = []): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(text, values);
    if (rowCount !== 0) return;
    // gives the processor to that session
    await sleep(5);
  }
}
