import type { PgPool, PgQuery } from "@evt/store-postgres";
import type pg from "pg";
import type { PipelinedCopy } from "../src/connection/pipelined-copy.js";

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
  /** The texts of the queries that were sent; of a message of COPYs {@link COPY}. */
  readonly asked: string[];
  /** How many connections are borrowed now. */
  borrowed(): number;
  /** How many characters the rows of all answers had by now. */
  receivedChars(): number;
}

export const COPY = "copy";

/** A pool that tells what is done with it, and lets a test step in between. */
export function watched(pool: pg.Pool, { beforeQuery, afterQuery }: Hooks = {}): Watched {
  const released: Watched["released"] = [];
  const asked: string[] = [];
  let borrowed = 0;
  let received = 0;

  async function connect() {
    const client = (await pool.connect()) as WatchedClient;
    borrowed++;
    const release = (destroy?: Error | boolean) => {
      borrowed--;
      released.push(destroy ? "destroyed" : "kept");
      // pg throws where a connection is given back twice
      client.release(destroy);
    };
    const query = async (asking: PgQuery | PipelinedCopy) => {
      if ("submit" in asking) return copy(asking);
      await beforeQuery?.(asking, client);
      asked.push(asking.text);
      const result = await client.query(asking as pg.QueryConfig);
      for (const row of result.rows ?? []) received += charsOf(row);
      await afterQuery?.(asking, client);
      return result;
    };
    const copy = async (copying: PipelinedCopy) => {
      const ready = copying.handleReadyForQuery.bind(copying);
      const fail = (error: unknown) => copying.handleError(error);
      copying.handleReadyForQuery = () => {
        Promise.resolve(afterQuery?.({ text: COPY }, client)).then(ready, fail);
      };
      try {
        await beforeQuery?.({ text: COPY }, client);
        asked.push(COPY);
        client.query(copying);
      } catch (error) {
        fail(error);
      }
    };
    const on = client.on.bind(client);
    const removeListener = client.removeListener.bind(client);
    const { connection } = client as unknown as { readonly connection: unknown };
    return { query, release, on, removeListener, connection };
  }

  const seen: PgPool = {
    connect: connect as unknown as PgPool["connect"],
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
  };
  return { pool: seen, released, asked, borrowed: () => borrowed, receivedChars: () => received };
}

function charsOf(row: Readonly<Record<string, unknown>>): number {
  return Object.values(row).reduce<number>((sum, value) => sum + String(value ?? "").length, 0);
}

/** The pool as a wrapper shows it that knows ordinary queries only: nothing is copied there. */
export function withoutCopy(pool: PgPool): PgPool {
  return {
    connect: async () => {
      const client = await pool.connect();
      return {
        query: (query) => client.query(query),
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        removeListener: (event, listener) => client.removeListener(event, listener),
      };
    },
    on: (event, listener) => pool.on(event, listener),
    removeListener: (event, listener) => pool.removeListener(event, listener),
  };
}

/** The two ways in which records are inserted, by what a pool shows. */
export const WAYS: readonly (readonly [way: string, wrap: (pool: PgPool) => PgPool])[] = [
  ["by COPY", (pool) => pool],
  ["by one statement", withoutCopy],
];
