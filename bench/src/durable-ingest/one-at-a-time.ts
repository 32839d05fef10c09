import type { EventRecord } from "@evt/core";
import type { Pool, PoolClient } from "pg";
import { onFreshSchema } from "../database/fresh-schema.js";
import { inTransaction } from "../database/in-transaction.js";
import { checkTotals, totalsOf } from "../database/stored.js";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import type { Arena } from "./arena.js";

const CONNECTIONS = 8;
const WARM_UP_SHARE = 0.1;

/** Measures a simple service without a library: one transaction per event, eight at the same time. */
export function oneAtATime({ url, load, singleEvents }: Arena): Measure {
  const records = load.records.flat().slice(0, singleEvents);
  const race = {
    lanes: CONNECTIONS,
    jobs: singleEvents,
    warmUpJobs: Math.round(singleEvents * WARM_UP_SHARE),
    eventsPerJob: 1,
  };
  const sent = totalsOf(load.raws.flat().slice(0, singleEvents));
  return () =>
    onFreshSchema(url, CONNECTIONS, async (pool) => {
      await pool.query(TABLES);
      const rate = await eventsPerSecond(race, (job) => storeOne(pool, records[job] as EventRecord));
      await checkTotals(
        pool,
        "select count(*), sum(amount) from naive.event join naive.dedupe on event_id = id",
        sent,
      );
      return rate;
    });
}

const TABLES = `
drop schema if exists naive cascade;
create schema naive;
create table naive.event (
  id          bigint generated always as identity primary key,
  tenant_id   text not null,
  client_id   text not null,
  metric      text not null,
  amount      numeric not null,
  occurred_at timestamptz not null,
  raw         json
);
create table naive.dedupe (
  tenant_id text not null,
  identity  text not null,
  event_id  bigint not null,
  primary key (tenant_id, identity)
)`;

function storeOne(pool: Pool, record: EventRecord): Promise<void> {
  return inTransaction(pool, async (client) => {
    if (!(await isStored(client, record))) await store(client, record);
  });
}

async function isStored(client: PoolClient, { tenantId, identity }: EventRecord): Promise<boolean> {
  const query = "select event_id from naive.dedupe where tenant_id = $1 and identity = $2";
  const { rows } = await client.query(query, [tenantId, identity]);
  return rows.length > 0;
}

async function store(client: PoolClient, record: EventRecord): Promise<void> {
  const { tenantId, identity, clientId, metric, amount, timestamp, rawJson } = record;
  const { rows } = await client.query<{ id: string }>(
    `insert into naive.event (tenant_id, client_id, metric, amount, occurred_at, raw)
     values ($1, $2, $3, $4, $5, $6) returning id`,
    [tenantId, clientId, metric, amount, timestamp, rawJson],
  );
  await client.query("insert into naive.dedupe (tenant_id, identity, event_id) values ($1, $2, $3)", [
    tenantId,
    identity,
    rows[0]?.id,
  ]);
}
