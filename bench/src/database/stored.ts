import type { Pool } from "pg";
import type { MeteringEvent } from "../load/metering-load.js";
import { SCHEMA } from "./fresh-schema.js";

export interface Totals {
  readonly count: number;
  readonly sum: number;
}

/** Returns the number of events and the sum of their amounts. The sum is exact, because delays are whole minutes. */
export function totalsOf(events: readonly MeteringEvent[]): Totals {
  return { count: events.length, sum: events.reduce((sum, { payload }) => sum + payload.amount, 0) };
}

/** @throws Error unless the query returns the sent totals in the columns `count` and `sum` */
export async function checkTotals(pool: Pool, query: string, sent: Totals): Promise<void> {
  const { rows } = await pool.query<{ count: unknown; sum: unknown }>(query);
  const found = { count: Number(rows[0]?.count), sum: Number(rows[0]?.sum) };
  if (found.count === sent.count && found.sum === sent.sum) return;
  const message = `${sent.count} events with the sum ${sent.sum} were sent; found ${found.count} with the sum ${found.sum}`;
  throw new Error(`${message} with: ${query}`);
}

/** @throws Error unless every sent event has its claim and its row */
export async function checkStored(pool: Pool, sent: Totals, schema = SCHEMA): Promise<void> {
  const join = "event.tenant_id = claim.tenant_id and event.id = coalesce(claim.event_id, claim.identity)";
  await checkTotals(
    pool,
    `select count(*), sum(amount) from ${schema}.event join ${schema}.claim on ${join}`,
    sent,
  );
  await checkTotals(pool, `select count(*), ${sent.sum} as sum from ${schema}.claim`, sent);
  await checkTotals(pool, `select count(*), sum(amount) from ${schema}.event`, sent);
}

/** @throws Error unless rollups and tallies together have the sent totals */
export async function checkRolledUp(pool: Pool, sent: Totals, schema = SCHEMA): Promise<void> {
  const query = `
    select sum(count) as count, sum(sum) as sum
      from (select count, sum from ${schema}.day_total where per = 'a'
             union all
            select count, sum from ${schema}.tally, unnest(counts, sums) as cell (count, sum)) as part`;
  await checkTotals(pool, query, sent);
}

/** Returns a digest of all claims and events. The digest does not depend on the order of the rows. */
export async function digestOfStored(pool: Pool): Promise<string> {
  const digest = (table: string) =>
    `(select sum(hashtextextended(${table}::text, 0)) from ${SCHEMA}.${table})`;
  const { rows } = await pool.query<{ digest: string }>(
    `select ${digest("claim")} || ' ' || ${digest("event")} as digest`,
  );
  return String(rows[0]?.digest);
}
