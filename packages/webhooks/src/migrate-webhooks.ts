import { setTimeout as sleep } from "node:timers/promises";
import { checkEndpoints, type Endpoint, STATUSES } from "./endpoint.js";
import { checkKnown } from "./known-options.js";
import { outboxTables } from "./outbox-tables.js";
import { GAVE_UP, jobsBy, queueOf } from "./queues.js";
import { type SchemaNames, schemaNames } from "./schema-names.js";
import { type Ask, onConnection, type WebhookPool } from "./webhook-pool.js";
import type { MigrateWebhooksOptions } from "./webhooks.js";

/** How long events that are parked may wait behind an attempt to make the trigger. */
const LOCK_TIMEOUT_MS = 1_000;
/** With the pauses in between, some five minutes. */
const ATTEMPTS = 25;

/**
 * Makes the outbox and its trigger in the store's schema, and the job library's tables in one beside it (`evt_webhooks`),
 * and sets which events go to which endpoint from now on. Run it after the store's `migrate`, as the same role, over
 * connections that keep their session. Safe to run from any number of processes at once, and again after a failure.
 * @throws TypeError where an endpoint cannot be meant; whatever `pg` throws.
 */
export async function migrateWebhooks(pool: WebhookPool, options: MigrateWebhooksOptions): Promise<void> {
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

async function makeQueues(names: SchemaNames, endpoints: readonly Endpoint[], query: Ask): Promise<void> {
  const jobs = jobsBy(names.jobs, query, true);
  await jobs.start();
  await jobs.createQueue(GAVE_UP, { name: GAVE_UP });
  for (const { name } of endpoints) await jobs.createQueue(queueOf(name), { name: queueOf(name) });
}

async function makeOutbox(names: SchemaNames, endpoints: readonly Endpoint[], query: Ask): Promise<void> {
  await makeTables(names, query);
  await query("begin isolation level read committed read write");
  await query(`delete from ${names.evt}.webhook_endpoint where name <> all ($1::text[])`, [
    endpoints.map(({ name }) => name),
  ]);
  for (const endpoint of endpoints) await setEndpoint(names.evt, endpoint, query);
  await query("commit");
}

/**
 * Makes the tables and the trigger, if they are missing. The trigger needs a lock that no transaction which parks may
 * hold, and events that are parked meanwhile wait behind it; so an attempt is short, and repeated after growing pauses.
 */
async function makeTables(names: SchemaNames, query: Ask): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await query("begin isolation level read committed read write");
    await query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
    try {
      const [{ there = null } = {}] = await query("select to_regproc($1::text)::text as there", [
        `${names.evt}.webhook_parked`,
      ]);
      if (there === null) await query(outboxTables(names.evt));
      await query("commit");
      return;
    } catch (error) {
      if (!isLockFailure(error) || attempt === ATTEMPTS) throw error;
      await query("rollback");
      await sleep(LOCK_TIMEOUT_MS * attempt * (0.5 + Math.random() / 2));
    }
  }
}

/** lock_not_available, or a deadlock that Postgres resolved by failing this statement. */
function isLockFailure(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === "55P03" || code === "40P01";
}

async function setEndpoint(schema: string, endpoint: Endpoint, query: Ask): Promise<void> {
  const { name, statuses = STATUSES, tenants = null, digest } = endpoint;
  await query(
    `insert into ${schema}.webhook_endpoint (name, statuses, tenants, digest_ms)
     values ($1::text, $2::text[], $3::text[], $4::bigint)
     on conflict (name) do update
        set statuses = excluded.statuses, tenants = excluded.tenants, digest_ms = excluded.digest_ms`,
    [name, statuses, tenants, digest?.everyMs ?? null],
  );
}
