import type { PgPool, PgQuery } from "@evt/store-postgres";
import type pg from "pg";

/** `processID` is pg's own, though its types do not tell. */
export type WatchedClient = pg.PoolClient & { readonly processID: number };

export interface Hooks {
  /** Runs before a query is sent; what it throws, the query rejects with. */
  readonly beforeQuery?: (query: PgQuery, client: WatchedClient) => Promise<void> | void;
  /** Runs when a query was answered, before its answer is handed on. */
  readonly afterQuery?: (query: PgQuery, client: WatchedClient) => Promise<void> | void;
}

export interface Watched {
  readonly pool: PgPool;
  /** What became of each connection that was borrowed, in the order in which they were given back. */
  readonly released: ("kept" | "destroyed")[];
  /** The texts of the queries that were sent. */
  readonly asked: string[];
  /** How many connections are borrowed now. */
  borrowed(): number;
}

/** A pool that tells what is done with it, and lets a test step in between. */
export function watched(pool: pg.Pool, { beforeQuery, afterQuery }: Hooks = {}): Watched {
  const released: Watched["released"] = [];
  const asked: string[] = [];
  let borrowed = 0;

  async function connect() {
    const client = (await pool.connect()) as WatchedClient;
    borrowed++;
    const release = (destroy?: Error | boolean) => {
      borrowed--;
      released.push(destroy ? "destroyed" : "kept");
      // pg throws where a connection is given back twice
      client.release(destroy);
    };
    const query = async (asking: PgQuery) => {
      await beforeQuery?.(asking, client);
      asked.push(asking.text);
      const result = await client.query(asking as pg.QueryConfig);
      await afterQuery?.(asking, client);
      return result;
    };
    const on = client.on.bind(client);
    const removeListener = client.removeListener.bind(client);
    return { query, release, on, removeListener };
  }

  const seen: PgPool = {
    connect,
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
  };
  return { pool: seen, released, asked, borrowed: () => borrowed };
}
