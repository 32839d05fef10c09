import type { Pool, PoolClient } from "pg";

/** Runs `work` in a transaction. If anything fails, the connection is closed. */
export async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  let failed = true;
  try {
    await client.query("begin");
    await work(client);
    await client.query("commit");
    failed = false;
  } finally {
    client.release(failed);
  }
}
