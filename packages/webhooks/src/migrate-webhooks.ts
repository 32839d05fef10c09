import type { PgPool } from "@evt/store-postgres";
import { checkKnown, onConnection, patiently, type Query } from "@evt/store-postgres/internal";
import { checkEndpoints, type Endpoint, STATUSES } from "./endpoint.js";
import { outboxTables } from "./outbox-tables.js";
import { GAVE_UP, jobsBy, queueOf } from "./queues.js";
import { type SchemaNames, schemaNames } from "./schema-names.js";
import type { MigrateWebhooksOptions } from "./webhooks.js";

/**
 * The trigger needs a lock that conflicts with every transaction that parks events. While an attempt waits for it, new
 * events to park wait behind it; so an attempt is short, and pauses follow.
 */
const PATIENCE = { lockTimeoutMs: 1_000, timeoutMs: 300_000 };

/**
 * Makes the outbox and its trigger in the store's schema, and the job library's tables in one beside it (`evt_webhooks`),
 * and sets which events go to which endpoint from now on. Run it after the store's `migrate`, as the same role, over
 * connections that keep their session. Safe to run from any number of processes at once, and again after a failure.
 * @throws TypeError where an endpoint cannot be meant; whatever `pg` throws.
 */
export async function migrateWebhooks(pool: PgPool, options: MigrateWebhooksOptions): Promise<void> {
  checkKnown("migrateWebhooks", options, ["endpoints", "schema"]);
  checkEndpoints(options.endpoints);
  const names = schemaNames(options.schema);
  await onConnection(pool, async (query) => {
    // Of the session: the job library commits by itself. A connection that fails is closed, and gives it back.
    const lock = `hashtextextended('evt.migrateWebhooks ' || $1::text, 0)`;
    await query(`select pg_advisory_lock(${lock})`, [names.jobs]);
    await makeQueues(names, options.endpoints, query);
    await makeOutbox(names, options.endpoints, query);
    await query(`select pg_advisory_unlock(${lock})`, [names.jobs]);
  });
}

async function makeQueues(names: SchemaNames, endpoints: readonly Endpoint[], query: Query): Promise<void> {
  const jobs = jobsBy(names.jobs, query, true);
  await jobs.start();
  await jobs.createQueue(GAVE_UP, { name: GAVE_UP });
  for (const { name } of endpoints) await jobs.createQueue(queueOf(name), { name: queueOf(name) });
}

async function makeOutbox(names: SchemaNames, endpoints: readonly Endpoint[], query: Query): Promise<void> {
  await makeTables(names, query);
  await query("begin isolation level read committed read write");
  await query(`delete from ${names.evt}.webhook_endpoint where name <> all ($1::text[])`, [
    endpoints.map(({ name }) => name),
  ]);
  for (const endpoint of endpoints) await setEndpoint(names.evt, endpoint, query);
  await query("commit");
}

/** Creates the tables and the trigger unless they exist. */
async function makeTables(names: SchemaNames, query: Query): Promise<void> {
  await query("begin isolation level read committed read write");
  await query("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0");
  await patiently(names.evt, "migrateWebhooks", PATIENCE, query, async () => {
    const [{ existing = null } = {}] = await query("select to_regproc($1::text)::text as existing", [
      `${names.evt}.webhook_parked`,
    ]);
    if (existing === null) await query(outboxTables(names.evt));
  });
  await query("commit");
}

async function setEndpoint(schema: string, endpoint: Endpoint, query: Query): Promise<void> {
  const { name, statuses = STATUSES, tenants = null, digest } = endpoint;
  await query(
    `insert into ${schema}.webhook_endpoint (name, statuses, tenants, digest_ms)
     values ($1::text, $2::text[], $3::text[], $4::bigint)
     on conflict (name) do update
        set statuses = excluded.statuses, tenants = excluded.tenants, digest_ms = excluded.digest_ms`,
    [name, statuses, tenants, digest?.everyMs ?? null],
  );
}
