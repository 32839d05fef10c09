import type { Pool } from "pg";
import type { MeteringEvent } from "../load/metering-load.js";
import { SCHEMA } from "./fresh-schema.js";

export interface Totals {
  readonly count: number;
  readonly sum: number;
}

/** Minutes late are whole numbers: their sum is exact. */
export function totalsOf(events: readonly MeteringEvent[]): Totals {
  return { count: events.length, sum: events.reduce((sum, { payload }) => sum + payload.amount, 0) };
}

/** @throws Error unless the query yields what was sent, as the columns `count` and `sum` */
export async function checkTotals(pool: Pool, query: string, sent: Totals): Promise<void> {
  const { rows } = await pool.query<{ count: unknown; sum: unknown }>(query);
  const found = { count: Number(rows[0]?.count), sum: Number(rows[0]?.sum) };
  if (found.count === sent.count && found.sum === sent.sum) return;
  const message = `${sent.count} events of ${sent.sum} in all were sent; there are ${found.count} of ${found.sum}`;
  throw new Error(`${message}, by: ${query}`);
}

/** @throws Error unless every event sent has its claim and its row */
export async function checkStored(pool: Pool, sent: Totals): Promise<void> {
  const join = "event.tenant_id = claim.tenant_id and event.id = coalesce(claim.event_id, claim.identity)";
  await checkTotals(
    pool,
    `select count(*), sum(amount) from ${SCHEMA}.event join ${SCHEMA}.claim on ${join}`,
    sent,
  );
  await checkTotals(pool, `select count(*), ${sent.sum} as sum from ${SCHEMA}.claim`, sent);
  await checkTotals(pool, `select count(*), sum(amount) from ${SCHEMA}.event`, sent);
}

/** @throws Error unless the totals come to what was sent, folded or not */
export async function checkRolledUp(pool: Pool, sent: Totals): Promise<void> {
  const told = `
    select sum(count) as count, sum(sum) as sum
      from (select count, sum from ${SCHEMA}.rollup where per = 'n' and span = 'm'
             union all
            select count, sum from ${SCHEMA}.tally, unnest(counts, sums) as cell (count, sum)) as part`;
  await checkTotals(pool, told, sent);
}

/** A digest of every column of every claim and event, the same in whatever order they were stored. */
export async function digestOfStored(pool: Pool): Promise<string> {
  const digest = (table: string) =>
    `(select sum(hashtextextended(${table}::text, 0)) from ${SCHEMA}.${table})`;
  const { rows } = await pool.query<{ digest: string }>(
    `select ${digest("claim")} || ' ' || ${digest("event")} as digest`,
  );
  return String(rows[0]?.digest);
}
