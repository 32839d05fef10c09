import type { PgPool } from "@evt/store-postgres";
import { onConnection, type SqlQuery } from "@evt/store-postgres/internal";
import PgBoss from "pg-boss";

/** The queue of jobs without attempts left. */
export const GAVE_UP = "gave_up";

/**
 * Returns the name of an endpoint's queue. Each endpoint has its own queue, so that a slow endpoint does not delay
 * the others.
 */
export const queueOf = (endpoint: string): string => `to_${endpoint}`;

export interface Job {
  readonly messageId: string;
}

/**
 * Returns a pg-boss that uses a pool. evt uses its queues, retries, expiry and dead letters. Do not call its `start`,
 * which begins loops with unhandled promises. If Postgres were unreachable, a rejected promise would end the process.
 */
export function jobsOver(pool: PgPool, schema: string): PgBoss {
  return jobsBy(schema, (text, values) => onConnection(pool, (query) => query(text, values)));
}

export function jobsBy(schema: string, query: SqlQuery, migrate = false): PgBoss {
  return new PgBoss({ schema, db: sqlBy(query), migrate, supervise: false, schedule: false });
}

/** Runs pg-boss's queries with `query`, for example in a transaction. */
export function sqlBy(query: SqlQuery): PgBoss.Db {
  return {
    executeSql: async (text, values) => {
      // `pg` does not return rows if the string contains several statements
      const rows: Record<string, unknown>[] | undefined = await query(text, values);
      return { rows: rows?.map(withParsedData) ?? [] };
    },
  };
}

/**
 * Parses the column `data`. `query` returns each column as a string, but pg-boss expects its only JSON column as an
 * object.
 */
function withParsedData(row: Record<string, unknown>): Record<string, unknown> {
  return typeof row["data"] === "string" ? { ...row, data: JSON.parse(row["data"]) } : row;
}
