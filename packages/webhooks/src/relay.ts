import type { PgPool } from "@evt/store-postgres";
import { inTransaction, type SqlQuery } from "@evt/store-postgres/internal";
import type PgBoss from "pg-boss";
import type { Endpoint } from "./endpoint.js";
import { GAVE_UP, type Job, queueOf, sqlBy } from "./queues.js";
import type { SchemaNames } from "./schema-names.js";

/** The limits and times of a message's attempts. */
export interface Attempts {
  readonly attempts: number;
  readonly retryDelayS: number;
  /** After this many seconds without a result, another worker may take the job. */
  readonly expireS: number;
}

const ROWS_AT_ONCE = 1_000;
const EVENTS_OF_A_DIGEST = 10_000;

/**
 * Creates messages and jobs for the new rows of the outbox. Uses one transaction, so every message has a job. Only one
 * process relays at a time, because two processes could create two digests for one period.
 * @returns true if more rows may be ready now
 */
export async function relay(
  pool: PgPool,
  names: SchemaNames,
  jobs: PgBoss,
  endpoints: readonly Endpoint[],
  attempts: Attempts,
): Promise<boolean> {
  return inTransaction(pool, async (query) => {
    const lock =
      "select pg_try_advisory_xact_lock(hashtextextended('evt.webhooks.relay ' || $1::text, 0))::text as won";
    const [{ won } = {}] = await query(lock, [names.jobs]);
    if (won !== "true") return false;
    let more = false;
    for (const endpoint of endpoints) {
      const ids = await newMessages(names.evt, endpoint, query);
      const inserts = ids.map((messageId) => jobOf(endpoint.name, messageId, attempts));
      if (inserts.length > 0) await jobs.insert(inserts, { db: sqlBy(query) });
      more ||= ids.length === ROWS_AT_ONCE;
    }
    return more;
  });
}

export function jobOf(endpoint: string, messageId: string, attempts: Attempts): PgBoss.JobInsert<Job> {
  return {
    name: queueOf(endpoint),
    data: { messageId },
    retryLimit: attempts.attempts - 1,
    retryDelay: attempts.retryDelayS,
    retryBackoff: attempts.retryDelayS > 0,
    expireInSeconds: attempts.expireS,
    // by default, pg-boss deletes a waiting job after 14 days, and its message would never be sent
    keepUntil: "9999-01-01T00:00:00Z",
    deadLetter: GAVE_UP,
  };
}

async function newMessages(schema: string, { name, digest }: Endpoint, query: SqlQuery): Promise<string[]> {
  const rows =
    digest === undefined
      ? await query(singles(schema), [name, ROWS_AT_ONCE])
      : await query(digested(schema), [name, EVENTS_OF_A_DIGEST, digest.everyMs]);
  return rows.map((row) => String(row["message_id"]));
}

const singles = (schema: string) => `
update ${schema}.webhook_outbox set message_id = gen_random_uuid()
 where id in (select id from ${schema}.webhook_outbox where endpoint = $1::text and message_id is null order by id limit $2::int)
   and message_id is null
returning message_id::text`;

/** Returns SQL that creates the message of a digest if the oldest new event has waited for the whole period. */
const digested = (schema: string) => `
with message as materialized (
  select gen_random_uuid() as id
   where (select min(at) from ${schema}.webhook_outbox where endpoint = $1::text and message_id is null)
         <= clock_timestamp() - $3::bigint * interval '1 millisecond'
),
collected as (
  update ${schema}.webhook_outbox set message_id = message.id from message
   where webhook_outbox.id in (
     select id from ${schema}.webhook_outbox where endpoint = $1::text and message_id is null order by id limit $2::int)
     and webhook_outbox.message_id is null
  returning message_id
)
select distinct message_id::text from collected`;
