import type { PgPool } from "@evt/store-postgres";
import { inTransaction, onConnection } from "@evt/store-postgres/internal";
import type PgBoss from "pg-boss";
import type { Endpoint } from "./endpoint.js";
import { messageBody } from "./message-body.js";
import { post, type Refusal } from "./post.js";
import { type Job, queueOf, sqlBy } from "./queues.js";
import type { SchemaNames } from "./schema-names.js";

export interface Delivery {
  readonly pool: PgPool;
  readonly names: SchemaNames;
  readonly jobs: PgBoss;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
}

interface Taken {
  readonly id: string;
  readonly data: Job;
}

/**
 * One attempt at one message. What it came to is written in one transaction with the job's end: if that fails, or this
 * process dies, the job expires and the message is sent again. Throws why a receiver did not take it, once that is written.
 */
export async function deliver(delivery: Delivery, endpoint: Endpoint, job: Taken): Promise<void> {
  const { pool, names } = delivery;
  const { messageId } = job.data;
  const body = await onConnection(pool, (query) => messageBody(names.evt, endpoint, messageId, query));
  if (body === null) return ended(delivery, endpoint, job, toldSql);
  const message = { id: `msg_${messageId}`, body, sentAt: new Date() };
  const posted = await post(endpoint, message, delivery);
  if (posted.outcome === "delivered") return ended(delivery, endpoint, job, toldSql);
  if (posted.outcome === "refused") await refused(delivery, endpoint, job, posted);
  else await ended(delivery, endpoint, job, goneSql);
  const reason = posted.outcome === "refused" ? posted.reason : "status 410: given up";
  throw new Error(`webhook ${message.id} to endpoint ${endpoint.name} was not taken: ${reason}`);
}

const toldSql = (schema: string) => `
delete from ${schema}.webhook_outbox where message_id = $1::uuid`;

const goneSql = (schema: string) => `
update ${schema}.webhook_outbox set failures = failures + 1, last_error = 'status 410', gave_up_at = now()
 where message_id = $1::uuid`;

/** The library sets the delay of a retry itself. A receiver can make it longer, never shorter. */
const postponeSql = (jobs: string) => `
update ${jobs}.job set start_after = greatest(start_after, now() + $3::integer * interval '1 second')
 where name = $1::text and id = $2::uuid and state = 'retry'`;

/** There is no further attempt. */
function ended(
  { pool, names, jobs }: Delivery,
  endpoint: Endpoint,
  job: Taken,
  sql: (schema: string) => string,
): Promise<void> {
  return inTransaction(pool, async (query) => {
    await query(sql(names.evt), [job.data.messageId]);
    await jobs.complete(queueOf(endpoint.name), job.id, { db: sqlBy(query) });
  });
}

function refused(
  { pool, names, jobs }: Delivery,
  endpoint: Endpoint,
  job: Taken,
  { reason, retryAfterS }: Refusal,
): Promise<void> {
  return inTransaction(pool, async (query) => {
    await query(
      `update ${names.evt}.webhook_outbox set failures = failures + 1, last_error = $2::text where message_id = $1::uuid`,
      [job.data.messageId, reason],
    );
    await jobs.fail(queueOf(endpoint.name), job.id, { reason }, { db: sqlBy(query) });
    if (retryAfterS > 0) await query(postponeSql(names.jobs), [queueOf(endpoint.name), job.id, retryAfterS]);
  });
}
