import type { Pool } from "pg";
import { TENANT } from "../load/load.js";
import type { MeteringEvent } from "../load/metering-load.js";

/** The table of a service without evt: the key, or the whole content, is unique. */
export const BY_HAND_TABLE = `
drop schema if exists by_hand cascade;
create schema by_hand;
create table by_hand.event (
  tenant_id   text not null,
  identity    text not null,
  client_id   text not null,
  metric      text not null,
  amount      numeric not null,
  occurred_at timestamptz not null,
  raw         json not null,
  primary key (tenant_id, identity)
)`;

/**
 * Inserts an event with one statement that has `on conflict do nothing`. Computes no totals. Returns whether the event
 * was new.
 */
export async function insertByHand(pool: Pool, event: MeteringEvent): Promise<boolean> {
  const { event_id, source, payload } = event;
  const { metric, amount, timestamp } = payload;
  const identity = event_id ?? JSON.stringify([source, metric, amount, timestamp]);
  const { rowCount } = await pool.query({
    name: "insert by hand",
    text: `insert into by_hand.event (tenant_id, identity, client_id, metric, amount, occurred_at, raw)
           values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, identity) do nothing`,
    values: [TENANT, identity, source, metric, amount, timestamp, JSON.stringify(event)],
  });
  return rowCount === 1;
}
