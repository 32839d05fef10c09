import type { Query } from "./connections.js";
import { handleNewClientErrors } from "./new-clients.js";
import { asText, type PgClient, type PgPool, type PgResult } from "./pg-pool.js";
import { isRolledBack } from "./rolled-back.js";
import { StandbyWatch } from "./standby.js";

/** Runs SQL and returns its rows. Every value is a string, or `null` for an SQL null. */
export type SqlQuery = (text: string, values?: unknown[]) => Promise<PgResult["rows"]>;

/** Returns `query` in the form that a session has. Throws the errors of `pg` unchanged. */
export function sessionQuery(query: SqlQuery): Query {
  return ({ text, values }) => query(text, values);
}

type Pool = Pick<PgPool, "connect">;

/** Runs `work` on one connection of the pool. Closes the connection if `work` fails. */
export async function onConnection<T>(pool: Pool, work: (query: SqlQuery) => Promise<T>): Promise<T> {
  const stopListening = handleNewClientErrors(pool);
  const client = await pool.connect().finally(stopListening);
  // If the connection is lost between two queries, the client emits `error`. Without a listener, this event would end
  // the process.
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
 * Runs `work` in its own transaction. The transaction is read committed and writable, and has no time limits for
 * statements and locks, regardless of the session defaults.
 */
export function inTransaction<T>(pool: Pool, work: (query: SqlQuery) => Promise<T>): Promise<T> {
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
    throw new Error("postgres rolled the transaction back instead of committing it");
  return result.rows;
}
