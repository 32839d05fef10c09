import { checkKnown } from "@evt/core/adapter";
import type { PgPool } from "@evt/store-postgres";
import { onConnection, retryingLocks, type SqlQuery } from "@evt/store-postgres/internal";
import { checkEndpoints, type Endpoint, STATUSES } from "./endpoint.js";
import { outboxTables } from "./outbox-tables.js";
import { GAVE_UP, jobsBy, queueOf } from "./queues.js";
import { type SchemaNames, schemaNames } from "./schema-names.js";
import type { MigrateWebhooksOptions } from "./webhooks.js";

/**
 * Creating the trigger needs a lock that conflicts with every transaction that parks events. While an attempt waits
 * for the lock, transactions that park new events wait too. So each attempt is short, with pauses in between.
 */
const PATIENCE = { lockTimeoutMs: 1_000, timeoutMs: 300_000 };

/**
 * Creates the outbox and its trigger in the store's schema, and the tables of pg-boss in a separate schema
 * (by default `evt_webhooks`). Stores the list of endpoints, and which new events each endpoint gets.
 *
 * Run this function after the store's `migrate`, with the same role. It uses a session lock, so do not run it through a
 * pooler with transaction pooling. Several processes may run it concurrently. After a failure, run it again.
 *
 * @throws TypeError if an option or an endpoint is invalid
 * @throws Error if the table `parked` cannot be locked within five minutes
 * @throws any error that `pg` throws
 *
 * @example
 * ```ts
 * await migrate(pool);
 * await migrateWebhooks(pool, { endpoints });
 * ```
 */
export async function migrateWebhooks(pool: PgPool, options: MigrateWebhooksOptions): Promise<void> {
  checkKnown("migrateWebhooks", options, ["endpoints", "schema"]);
  checkEndpoints(options.endpoints);
  const names = schemaNames(options.schema);
  await onConnection(pool, async (query) => {
    // a session lock, because pg-boss commits its own transactions; after an error, the closed connection releases it
    const lock = `hashtextextended('evt.migrateWebhooks ' || $1::text, 0)`;
    await query(`select pg_advisory_lock(${lock})`, [names.jobs]);
    await makeQueues(names, options.endpoints, query);
    await makeOutbox(names, options.endpoints, query);
    await query(`select pg_advisory_unlock(${lock})`, [names.jobs]);
  });
}

async function makeQueues(
  names: SchemaNames,
  endpoints: readonly Endpoint[],
  query: SqlQuery,
): Promise<void> {
  const jobs = jobsBy(names.jobs, query, true);
  await jobs.start();
  await jobs.createQueue(GAVE_UP, { name: GAVE_UP });
  for (const { name } of endpoints) await jobs.createQueue(queueOf(name), { name: queueOf(name) });
}

async function makeOutbox(
  names: SchemaNames,
  endpoints: readonly Endpoint[],
  query: SqlQuery,
): Promise<void> {
  await makeTables(names, query);
  await query("begin isolation level read committed read write");
  await query(`delete from ${names.evt}.webhook_endpoint where name <> all ($1::text[])`, [
    endpoints.map(({ name }) => name),
  ]);
  for (const endpoint of endpoints) await setEndpoint(names.evt, endpoint, query);
  await query("commit");
}

/** Creates the tables and the trigger unless they exist. */
async function makeTables(names: SchemaNames, query: SqlQuery): Promise<void> {
  await query("begin isolation level read committed read write");
  await query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0");
  await retryingLocks(names.evt, "migrateWebhooks", PATIENCE, query, async () => {
    const [{ existing = null } = {}] = await query("select to_regproc($1::text)::text as existing", [
      `${names.evt}.webhook_parked`,
    ]);
    if (existing === null) await query(outboxTables(names.evt));
  });
  await query("commit");
}

async function setEndpoint(schema: string, endpoint: Endpoint, query: SqlQuery): Promise<void> {
  const { name, statuses = STATUSES, tenants = null, digest } = endpoint;
  await query(
    `insert into ${schema}.webhook_endpoint (name, statuses, tenants, digest_ms)
     values ($1::text, $2::text[], $3::text[], $4::bigint)
     on conflict (name) do update
        set statuses = excluded.statuses, tenants = excluded.tenants, digest_ms = excluded.digest_ms`,
    [name, statuses, tenants, digest?.everyMs ?? null],
  );
}
