import { asText, type PgClient, type PgPool, type PgResult } from "./pg-pool.js";

export type Query = (text: string, values?: unknown[]) => Promise<PgResult["rows"]>;

/**
 * Does `work` in a transaction of its own, whatever the pool's sessions default to: one that may write, sees what others
 * commit while it waits, and waits as long as it takes.
 */
export async function inTransaction<T>(
  pool: Pick<PgPool, "connect">,
  work: (query: Query) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  // Between two queries a lost connection is an `error` event, which unheard would end the process.
  const onError = () => undefined;
  client.on("error", onError);
  let done = false;
  try {
    await client.query({ text: "begin isolation level read committed read write" });
    await client.query({ text: "set local statement_timeout = 0; set local lock_timeout = 0" });
    const result = await work((text, values) => rowsOf(client, text, values));
    await client.query({ text: "commit" });
    done = true;
    return result;
  } finally {
    // On any failure the connection goes, and the transaction with it.
    client.release(!done);
    if (done) client.removeListener("error", onError);
  }
}

async function rowsOf(client: PgClient, text: string, values?: unknown[]): Promise<PgResult["rows"]> {
  const query = { text, types: asText };
  const { rows } = await client.query(values === undefined ? query : { ...query, values });
  return rows;
}
