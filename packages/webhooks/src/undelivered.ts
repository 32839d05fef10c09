import type { PgPool } from "@evt/store-postgres";
import { inTransaction, onConnection } from "@evt/store-postgres/internal";
import type PgBoss from "pg-boss";
import { GAVE_UP, type Job, sqlBy } from "./queues.js";
import { type Attempts, jobOf } from "./relay.js";
import type { SchemaNames } from "./schema-names.js";
import type { Undelivered } from "./webhooks.js";

const BATCH_SIZE = 100;

/** Marks messages as given up if their jobs have no attempts left. Returns true if there may be more such messages. */
export function markGivenUp(pool: PgPool, names: SchemaNames, jobs: PgBoss): Promise<boolean> {
  return inTransaction(pool, async (query) => {
    const db = sqlBy(query);
    const dead = await jobs.fetch<Job>(GAVE_UP, { batchSize: BATCH_SIZE, db } as PgBoss.FetchOptions);
    if (dead.length === 0) return false;
    await query(
      `update ${names.evt}.webhook_outbox set gave_up_at = now(), last_error = coalesce(last_error, 'every attempt was interrupted before it had a result')
        where message_id = any ($1::uuid[]) and gave_up_at is null`,
      [dead.map(({ data }) => data.messageId)],
    );
    await jobs.complete(
      GAVE_UP,
      dead.map(({ id }) => id),
      { db },
    );
    return dead.length === BATCH_SIZE;
  });
}

/** Returns at most 1,000 given-up messages, oldest first. */
export async function listUndelivered(pool: PgPool, names: SchemaNames): Promise<readonly Undelivered[]> {
  const rows = await onConnection(pool, (query) => query(listSql(names.evt)));
  return rows.map((row) => ({
    messageId: `msg_${row["message_id"]}`,
    endpoint: String(row["endpoint"]),
    events: Number(row["events"]),
    gaveUpAt: String(row["gave_up_at"]),
    lastError: row["last_error"] === null ? null : String(row["last_error"]),
  }));
}

/**
 * Creates new jobs for given-up messages. If two calls name the same message, only one of them can update the
 * message's rows, so only that call creates a job.
 */
export function resendGivenUp(
  pool: PgPool,
  names: SchemaNames,
  jobs: PgBoss,
  messageIds: readonly string[],
  attempts: Attempts,
): Promise<number> {
  const uuids = messageIds.map((id) => id.replace(/^msg_/, ""));
  return inTransaction(pool, async (query) => {
    const rows = await query(resendSql(names.evt), [uuids]);
    const inserts = rows.map((row) => jobOf(String(row["endpoint"]), String(row["message_id"]), attempts));
    if (inserts.length > 0) await jobs.insert(inserts, { db: sqlBy(query) });
    return inserts.length;
  });
}

const listSql = (schema: string) => `
select message_id::text, min(endpoint) as endpoint, count(*)::text as events, min(last_error) as last_error,
       to_char(min(gave_up_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as gave_up_at
  from ${schema}.webhook_outbox
 where gave_up_at is not null
 group by message_id
 order by min(id)
 limit 1000`;

const resendSql = (schema: string) => `
with again as (
  update ${schema}.webhook_outbox set gave_up_at = null, failures = 0, last_error = null
   where message_id = any ($1::uuid[]) and gave_up_at is not null
  returning message_id, endpoint
)
select distinct message_id::text, endpoint from again`;
