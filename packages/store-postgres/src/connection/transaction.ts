import { hearNewClients } from "./new-clients.js";
import { asText, type PgClient, type PgPool, type PgResult } from "./pg-pool.js";
import { isRolledBack } from "./rolled-back.js";
import { StandbyWatch } from "./standby.js";

export type Query = (text: string, values?: unknown[]) => Promise<PgResult["rows"]>;

type Pool = Pick<PgPool, "connect">;

/** Does `work` on one connection, which waits as long as it takes; on any failure the connection goes. */
export async function onConnection<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const hearNoMore = hearNewClients(pool);
  const client = await pool.connect().finally(hearNoMore);
  // Between two queries a lost connection is an `error` event, which unheard would end the process.
  const onError = () => undefined;
  client.on("error", onError);
  const watch = new StandbyWatch(client);
  let done = false;
  try {
    const result = await work(async (text, values) => {
      const rows = await rowsOf(client, text, values);
      watch.check();
      return rows;
    });
    done = true;
    return result;
  } finally {
    watch.stop();
    client.release(!done);
    if (done) client.removeListener("error", onError);
  }
}

/**
 * Does `work` in a transaction of its own, whatever the pool's sessions default to: one that may write, sees what others
 * commit while it waits, and waits as long as it takes.
 */
export function inTransaction<T>(pool: Pool, work: (query: Query) => Promise<T>): Promise<T> {
  return onConnection(pool, async (query) => {
    await query("begin isolation level read committed read write");
    await query("set local statement_timeout = 0; set local lock_timeout = 0");
    const result = await work(query);
    await query("commit");
    return result;
  });
}

async function rowsOf(client: PgClient, text: string, values?: unknown[]): Promise<PgResult["rows"]> {
  const query = { text, types: asText };
  const result = await client.query(values === undefined ? query : { ...query, values });
  if (isRolledBack(query, result))
    throw new Error("postgres rolled the transaction back where it was to commit");
  return result.rows;
}
