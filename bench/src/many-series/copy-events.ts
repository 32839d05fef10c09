import type pg from "pg";
import { dropSchemas } from "../database/fresh-schema.js";

/**
 * Copies the events of a schema into the table `event` of another schema, and indexes them by client and time. evt's table
 * has no such index. Nothing is ingested into the copy.
 */
export async function copyEvents(pool: pg.Pool, from: string, to: string): Promise<void> {
  await dropSchemas(pool, [to]);
  await pool.query(`create schema ${to}`);
  await pool.query(`create table ${to}.event as select * from ${from}.event`);
  await pool.query(`create index on ${to}.event (tenant_id, client_id, occurred_at)`);
  await pool.query(`vacuum (analyze) ${to}.event`);
}
