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

interface TakenJob {
  readonly id: string;
  readonly data: Job;
}

/**
 * Makes one attempt to deliver a message. One transaction then writes the result and ends the attempt of the job. If
 * the transaction fails or this process dies, the job expires, and pg-boss retries it while attempts are left.
 * @throws Error with the reason if the receiver did not accept the message. The result is then already written.
 * @throws any error that `pg` throws
 */
export async function deliver(delivery: Delivery, endpoint: Endpoint, job: TakenJob): Promise<void> {
  const { pool, names } = delivery;
  const { messageId } = job.data;
  const body = await onConnection(pool, (query) => messageBody(names.evt, endpoint, messageId, query));
  if (body === null) return complete(delivery, endpoint, job, removeSql);
  const message = { id: `msg_${messageId}`, body, sentAt: new Date() };
  const posted = await post(endpoint, message, delivery);
  if (posted.outcome === "delivered") return complete(delivery, endpoint, job, removeSql);
  if (posted.outcome === "refused") await scheduleRetry(delivery, endpoint, job, posted);
  else await complete(delivery, endpoint, job, giveUpSql);
  const reason = posted.outcome === "refused" ? posted.reason : "status 410: given up";
  throw new Error(`endpoint ${endpoint.name} did not accept webhook ${message.id}: ${reason}`);
}

const removeSql = (schema: string) => `
delete from ${schema}.webhook_outbox where message_id = $1::uuid`;

const giveUpSql = (schema: string) => `
update ${schema}.webhook_outbox set failures = failures + 1, last_error = 'status 410', gave_up_at = now()
 where message_id = $1::uuid`;

const failSql = (schema: string) => `
update ${schema}.webhook_outbox set failures = failures + 1, last_error = $2::text
 where message_id = $1::uuid`;

/** pg-boss sets the delay of a retry. A receiver can make the delay longer, never shorter. */
const postponeSql = (jobs: string) => `
update ${jobs}.job set start_after = greatest(start_after, now() + $3::integer * interval '1 second')
 where name = $1::text and id = $2::uuid and state = 'retry'`;

/** Runs `sql` and completes the job, so that pg-boss does not retry it. */
function complete(
  { pool, names, jobs }: Delivery,
  endpoint: Endpoint,
  job: TakenJob,
  sql: (schema: string) => string,
): Promise<void> {
  return inTransaction(pool, async (query) => {
    await query(sql(names.evt), [job.data.messageId]);
    await jobs.complete(queueOf(endpoint.name), job.id, { db: sqlBy(query) });
  });
}

function scheduleRetry(
  { pool, names, jobs }: Delivery,
  endpoint: Endpoint,
  job: TakenJob,
  { reason, retryAfterS }: Refusal,
): Promise<void> {
  const queue = queueOf(endpoint.name);
  return inTransaction(pool, async (query) => {
    await query(failSql(names.evt), [job.data.messageId, reason]);
    await jobs.fail(queue, job.id, { reason }, { db: sqlBy(query) });
    if (retryAfterS > 0) await query(postponeSql(names.jobs), [queue, job.id, retryAfterS]);
  });
}
