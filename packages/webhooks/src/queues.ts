import PgBoss from "pg-boss";
import type { Ask, WebhookPool } from "./webhook-pool.js";
import { onConnection } from "./webhook-pool.js";

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
export function jobsOver(pool: WebhookPool, schema: string): PgBoss {
  return jobsBy(schema, (text, values) => onConnection(pool, (query) => query(text, values)));
}

export function jobsBy(schema: string, query: Ask, migrate = false): PgBoss {
  return new PgBoss({ schema, db: sqlBy(query), migrate, supervise: false, schedule: false });
}

/** For calls of the library within a transaction. */
export function sqlBy(query: Ask): PgBoss.Db {
  return {
    executeSql: async (text, values) => ({ rows: await query(text, values) }),
  };
}
