import type { PgPool } from "@evt/store-postgres";
import { onConnection, type SqlQuery } from "@evt/store-postgres/internal";
import PgBoss from "pg-boss";

/** The queue of jobs that have no attempts left. */
export const GAVE_UP = "gave_up";

/** Returns the name of an endpoint's queue. Each endpoint has its own, so that a slow one does not delay the others. */
export const queueOf = (endpoint: string): string => `to_${endpoint}`;

export interface Job {
  readonly messageId: string;
}

/**
 * Returns pg-boss over a pool. It must not be started: its own loops leave promises without a handler, and one that
 * rejects while Postgres is unreachable would end the process. Its queues, retries, expiry and dead letters are used.
 */
export function jobsOver(pool: PgPool, schema: string): PgBoss {
  return jobsBy(schema, (text, values) => onConnection(pool, (query) => query(text, values)));
}

export function jobsBy(schema: string, query: SqlQuery, migrate = false): PgBoss {
  return new PgBoss({ schema, db: sqlBy(query), migrate, supervise: false, schedule: false });
}

/** Lets pg-boss run its queries with `query`, for example in a transaction. */
export function sqlBy(query: SqlQuery): PgBoss.Db {
  return {
    executeSql: async (text, values) => {
      // `pg` returns no rows for several statements in one string
      const rows: Record<string, unknown>[] | undefined = await query(text, values);
      return { rows: rows?.map(withParsedData) ?? [] };
    },
  };
}

/** `query` returns each column as a string. pg-boss expects `data`, its only JSON column, as an object. */
function withParsedData(row: Record<string, unknown>): Record<string, unknown> {
  return typeof row["data"] === "string" ? { ...row, data: JSON.parse(row["data"]) } : row;
}
