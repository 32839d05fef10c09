import type { Pool, PoolClient } from "pg";

/** Does `work` in a transaction of its own. Whatever fails, the connection goes, and the transaction with it. */
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
