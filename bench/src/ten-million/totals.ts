import { isDeepStrictEqual } from "node:util";
import type { AggregationQuery, AggregationRow, EvtTenant } from "@evt/core";
import type { Pool } from "pg";
import { callsPerSecond } from "../harness/calls-per-second.js";
import type { Measure } from "../harness/contest.js";
import { TENANT } from "../load/load.js";

/** A query for totals, in two forms: for evt, and as SQL over the events. */
export interface Question {
  readonly asked: AggregationQuery;
  /** SQL over the events. Parameter 1 is the tenant. Columns: `second` (Unix time, with buckets), `clientId`, `metric`. */
  readonly sql: (schema: string) => string;
}

/** SQL for the members of a total. */
export const AGGREGATES =
  "count(*)::int as count, trim_scale(sum(amount))::text as sum, min(amount)::text as min, max(amount)::text as max";

/** All events, by client and metric. */
export const EVERYTHING: Question = {
  asked: { groupBy: ["clientId", "metric"] },
  sql: (schema) => `
    select client_id as "clientId", metric, ${AGGREGATES}
      from ${schema}.event where tenant_id = $1 group by client_id, metric order by client_id, metric`,
};

/** The events of one client, by day in the time zone of India. The range need not begin or end at a full minute. */
export function dailyOf(clientId: string, from: Date, to: Date): Question {
  const timeZone = "Asia/Kolkata";
  return {
    asked: { clientId, from, to, interval: "day", timeZone },
    sql: (schema) => `
      select extract(epoch from date_trunc('day', occurred_at, '${timeZone}'))::int as second, ${AGGREGATES}
        from ${schema}.event
       where tenant_id = $1 and client_id = '${clientId}'
         and occurred_at >= '${from.toISOString()}' and occurred_at < '${to.toISOString()}'
       group by 1 order by 1`,
  };
}

export function askedOfEvt(events: EvtTenant, { asked }: Question): Measure {
  return () => callsPerSecond(() => events.aggregate(asked));
}

/** Measures the SQL over the events. Throws if evt returns different totals. */
export function askedOfEvents(pool: Pool, schema: string, question: Question, events: EvtTenant): Measure {
  return async () => {
    const ask = () => pool.query<object>(question.sql(schema), [TENANT]);
    const rate = await callsPerSecond(ask);
    await checkEqual(pool, schema, question, events);
    return rate;
  };
}

/** @throws Error if evt returns other totals than the SQL over the events */
export async function checkEqual(
  pool: Pool,
  schema: string,
  { asked, sql }: Question,
  events: EvtTenant,
): Promise<void> {
  const { rows: expected } = await pool.query<object>(sql(schema), [TENANT]);
  const { rows } = await events.aggregate(asked);
  const plain = expected.map((row) => ({ ...row }));
  if (!isDeepStrictEqual(rows.map(asSql), plain))
    throw new Error(`the totals differ from the events, for ${JSON.stringify(asked)}`);
}

function asSql({ bucket, average: _, unit: __, ...rest }: AggregationRow): object {
  return bucket === undefined ? rest : { second: Date.parse(bucket) / 1_000, ...rest };
}
