import type { PgPool, PgQuery } from "@evt/store-postgres";
import type pg from "pg";
import type { PipelinedCopy } from "../src/connection/pipelined-copy.js";

/** `processID` exists in pg, but its types do not declare it. */
export type WatchedClient = pg.PoolClient & { readonly processID: number };

export interface Hooks {
  /** Runs before a query is sent. The query rejects with the error that it throws. */
  readonly beforeQuery?: (query: PgQuery, client: WatchedClient) => Promise<void> | void;
  /** Runs before the result of a query is returned. */
  readonly afterQuery?: (query: PgQuery, client: WatchedClient) => Promise<void> | void;
}

export interface Watched {
  readonly pool: PgPool;
  /** How each borrowed connection was released, in order. */
  readonly released: ("kept" | "destroyed")[];
  /** The SQL of each sent query, and {@link COPY} for a message with COPYs. */
  readonly asked: string[];
  /** The number of borrowed connections. */
  borrowed(): number;
  /** The total number of characters in all result rows so far. */
  receivedChars(): number;
}

export const COPY = "copy";

/** A pool that records its use and lets a test intervene. */
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
      // pg throws if a connection is released twice
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

/** Wraps the pool so that it supports only ordinary queries, without COPY. */
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

/** The two ways to insert records, depending on the members that a pool exposes. */
export const WAYS: readonly (readonly [way: string, wrap: (pool: PgPool) => PgPool])[] = [
  ["by COPY", (pool) => pool],
  ["by one statement", withoutCopy],
];
