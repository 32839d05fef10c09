import { clientName, MANY_CLIENTS, random } from "../load/many-series.js";
import { AGGREGATES, type Question } from "../ten-million/totals.js";
import type { Range } from "./months.js";

const DAY_MS = 86_400_000;

/** Returns query `i` about a random client, over the month of the stored events. */
export type ClientQuestion = (i: number, month: Range) => Question;

/** The queries about one client, by the names of their rows. */
export const CLIENT_QUESTIONS: Readonly<Record<string, ClientQuestion>> = {
  "a client's total": (i, month) => {
    const client = clientOf(i);
    return {
      asked: { clientId: client, ...rangeOf(month) },
      // without events, evt returns a row with zero events
      sql: (schema) => `
        select count(*)::int as count, coalesce(trim_scale(sum(amount))::text, '0') as sum, min(amount)::text as min, max(amount)::text as max
          from ${eventsOf(schema, client, month)}`,
    };
  },
  "a client's totals by metric": (i, month) => {
    const client = clientOf(i);
    return {
      asked: { clientId: client, ...rangeOf(month), groupBy: ["metric"] },
      sql: (schema) =>
        `select metric, ${AGGREGATES} from ${eventsOf(schema, client, month)} group by 1 order by 1`,
    };
  },
  "a client's totals of a month, by day": (i, month) => {
    const client = clientOf(i);
    return {
      asked: { clientId: client, ...rangeOf(month), interval: "day" },
      sql: (schema) => bucketsOf("day", eventsOf(schema, client, month)),
    };
  },
  "a client's totals of a day, by hour": (i, month) => {
    const client = clientOf(i);
    const day = dayOf(i, month);
    return {
      asked: { clientId: client, ...rangeOf(day), interval: "hour" },
      sql: (schema) => bucketsOf("hour", eventsOf(schema, client, day)),
    };
  },
};

const TOP = 100;

/** The clients with the largest sums of a month. */
export function topClients(month: Range): Question {
  return {
    asked: { ...rangeOf(month), groupBy: ["clientId"], orderBy: "sum", limit: TOP },
    sql: (schema) => `
      select client_id as "clientId", ${AGGREGATES}
        from ${schema}.event where tenant_id = $1 and ${within(month)}
       group by client_id order by sum(amount) desc, client_id limit ${TOP}`,
  };
}

/** The totals of each metric and day. */
export function dailyByMetric(range: Range): Question {
  return {
    asked: { ...rangeOf(range), groupBy: ["metric"], interval: "day" },
    sql: (schema) => `
      select extract(epoch from date_trunc('day', occurred_at, 'UTC'))::int as second, metric, ${AGGREGATES}
        from ${schema}.event where tenant_id = $1 and ${within(range)} group by 1, 2 order by 1, 2`,
  };
}

/** The totals of each metric. */
export function byMetric(range: Range): Question {
  return {
    asked: { ...rangeOf(range), groupBy: ["metric"] },
    sql: (schema) => `
      select metric, ${AGGREGATES} from ${schema}.event where tenant_id = $1 and ${within(range)} group by 1 order by 1`,
  };
}

/** The totals of each metric and plan. */
export function byMetricAndPlan(range: Range): Question {
  return {
    asked: { ...rangeOf(range), groupBy: ["metric", "dimension.plan"] },
    sql: (schema) => `
      select metric, json_build_object('plan', dimensions ->> 'plan') as dimensions, ${AGGREGATES}
        from ${schema}.event where tenant_id = $1 and ${within(range)}
       group by metric, dimensions ->> 'plan' order by metric, dimensions ->> 'plan'`,
  };
}

/** The total of all events. */
export const GRAND_TOTAL: Question = {
  asked: {},
  sql: (schema) => `select ${AGGREGATES} from ${schema}.event where tenant_id = $1`,
};

/** Queries for all kinds of totals, for reads during ingest. */
export function anyTotals(month: Range): readonly ((i: number) => Question)[] {
  const ofClients = Object.values(CLIENT_QUESTIONS).map((ask) => (i: number) => ask(i, month));
  return [...ofClients, () => dailyByMetric(month), () => GRAND_TOTAL];
}

const clientOf = (i: number): string => clientName(Math.floor(random(i, 0, 0) * MANY_CLIENTS));

function dayOf(i: number, { startMs, endMs }: Range): Range {
  const start = startMs + Math.floor((random(i, 0, 1) * (endMs - startMs)) / DAY_MS) * DAY_MS;
  return { startMs: start, endMs: start + DAY_MS };
}

function rangeOf({ startMs, endMs }: Range): { from: Date; to: Date } {
  return { from: new Date(startMs), to: new Date(endMs) };
}

const within = ({ startMs, endMs }: Range): string =>
  `occurred_at >= '${new Date(startMs).toISOString()}' and occurred_at < '${new Date(endMs).toISOString()}'`;

const eventsOf = (schema: string, client: string, range: Range): string =>
  `${schema}.event where tenant_id = $1 and client_id = '${client}' and ${within(range)}`;

const bucketsOf = (interval: "day" | "hour", events: string): string => `
  select extract(epoch from date_trunc('${interval}', occurred_at, 'UTC'))::int as second, ${AGGREGATES}
    from ${events} group by 1 order by 1`;
