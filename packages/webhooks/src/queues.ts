import type { PgPool } from "@evt/store-postgres";
import { onConnection, type Query } from "@evt/store-postgres/internal";
import PgBoss from "pg-boss";

/** Where jobs end that have no attempt left. */
export const GAVE_UP = "gave_up";

/** Each endpoint has its own, so that one that hangs holds up no other. */
export const queueOf = (endpoint: string): string => `to_${endpoint}`;

export interface Job {
  readonly messageId: string;
}

/**
 * The job library over a pool. Never started: its own loops leave promises unheard, and one that rejects while Postgres is
 * away would end the process. Its queues, retries, expiry and dead letters are what is used.
 */
export function jobsOver(pool: PgPool, schema: string): PgBoss {
  return jobsBy(schema, (text, values) => onConnection(pool, (query) => query(text, values)));
}

export function jobsBy(schema: string, query: Query, migrate = false): PgBoss {
  return new PgBoss({ schema, db: sqlBy(query), migrate, supervise: false, schedule: false });
}

/** For calls of the library within a transaction. */
export function sqlBy(query: Query): PgBoss.Db {
  return {
    executeSql: async (text, values) => {
      // `pg` has no rows for several statements in one string
      const rows: Record<string, unknown>[] | undefined = await query(text, values);
      return { rows: rows?.map(withParsedData) ?? [] };
    },
  };
}

/** Every column is a string here; the library expects the `data` of a job, its one JSON column, as an object. */
function withParsedData(row: Record<string, unknown>): Record<string, unknown> {
  return typeof row["data"] === "string" ? { ...row, data: JSON.parse(row["data"]) } : row;
}
