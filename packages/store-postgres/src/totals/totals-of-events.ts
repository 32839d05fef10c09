import type { AggregateQuery } from "@evt/core/store";
import { Parameters } from "../connection/parameters.js";
import type { PgQuery } from "../connection/pg-pool.js";
import { dimension, entryFilter } from "../tables/entry-filter.js";
import { instantText } from "../tables/row-values.js";
import { groupOrder } from "./group-order.js";
import { bucketOf } from "./part-filters.js";

/** The value of the bucket column in a row that reports pruned events. */
export const PRUNED_EVENTS = -2;

/** Returns true if only the events themselves have the data of a query: rollups and tallies have no dimensions. */
export function needsEvents({ dimensions, byDimensions = [] }: AggregateQuery): boolean {
  return dimensions !== undefined || byDimensions.length > 0;
}

/** Returns a query that adds up the events of a range. It reads them by the index of their times. */
export function totalsOfEvents(schema: string, query: AggregateQuery): PgQuery {
  const parameters = new Parameters();
  const { byClientId, byMetric, byDimensions = [], limit } = query;
  const columns = [
    `${bucketOf(query, "occurred_at", parameters)} as bucket`,
    `${byClientId ? "client_id" : "null::text"} as client_id`,
    `${byMetric ? "metric" : "null::text"} as metric`,
    "unit",
    ...byDimensions.map((name, i) => `${dimension(name, parameters)} as dimension_${i}`),
  ];
  const dimensions = byDimensions.map((_, i) => `dimension_${i}`).join(", ");
  const where = entryFilter(query, parameters, "event", "event.occurred_at");
  const { after, orderBy } = groupOrder(query, parameters);
  const totals = `select ${columns.join(", ")},
                count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max
           from ${schema}.event where ${where.join(" and ")}
          group by ${columns.map((_, i) => i + 1).join(", ")}`;
  const page = `select * from (${totals}) as total ${after("total")} ${orderBy("total")} limit ${parameters.add(limit)}::int`;
  // sorted twice, because a union may return its rows in any order
  const text = `
select bucket::text as bucket, client_id, metric, unit, json_build_array(${dimensions})::text as dimensions,
       count::text as count, trim_scale(sum)::text as sum, trim_scale(min)::text as min, trim_scale(max)::text as max
  from ((${page})
         union all
        (${prunedPart(schema, query, parameters)})) as shown ${orderBy("shown")}`;
  return { text, values: parameters.values };
}

/** Returns SQL for a row if events of the range were pruned. Its `client_id` is the first quarter hour of them. */
function prunedPart(
  schema: string,
  { tenantId, from, to, byDimensions = [] }: AggregateQuery,
  parameters: Parameters,
): string {
  const range = `tstzrange(${parameters.add(from ?? null)}::timestamptz, ${parameters.add(to ?? null)}::timestamptz)`;
  const others = ["metric", "unit", ...byDimensions, "count", "sum", "min", "max"].map(() => "null");
  return `select ${PRUNED_EVENTS}, ${instantText("min(lower(part))")}, ${others.join(", ")}
  from ${schema}.pruned, unnest(pruned.quarters * tstzmultirange(${range})) as part
 where pruned.tenant_id = ${parameters.add(tenantId)}::text
having count(*) > 0`;
}
