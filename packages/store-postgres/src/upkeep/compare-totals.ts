import { CELLS } from "../totals/aggregate-query.js";
import { rollupsOf, summedTo, TOGETHER } from "../totals/rollup-groupings.js";
import { QUARTER, type RollupSpan } from "../totals/rollup-spans.js";

/** SQL for the quarter hour of an event. */
export const QUARTER_OF_EVENT = QUARTER.begin("occurred_at");

/** SQL condition for the rollups by quarter hour, client and metric. All other rollups are sums of them. */
export const ARE_QUARTERS = "per = 'b' and span = 'q'";

/**
 * Returns SQL for the cells whose stored totals differ from their events. `quarters` is SQL for the quarter hours, with the
 * columns `tenant_id` and `quarter`. In pruned quarter hours, a total differs only if it is smaller than its remaining
 * events. Columns: `tenant_id, per, span, at, client_id, metric, stored_count, stored_sum,
 * folded_count, folded_sum`.
 */
export const differingQuarters = (schema: string, quarters: string): string => `
with wanted as materialized (${quarters}),
stored as (
  select tenant_id, client_id, metric, quarter, ${TOGETHER}
    from (select tenant_id, client_id, metric, at as quarter, count, sum, min, max
            from ${schema}.rollup where ${ARE_QUARTERS}
           union all
          select tenant_id, client_id collate "C", metric collate "C", quarter, count, sum, min, max
            from ${schema}.tally, ${CELLS}) as part
    join wanted using (tenant_id, quarter)
   group by tenant_id, client_id, metric, quarter
),
folded as (
  select event.tenant_id, event.client_id, event.metric, wanted.quarter,
         count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max
    from ${schema}.event join wanted on wanted.tenant_id = event.tenant_id and wanted.quarter = ${QUARTER_OF_EVENT}
   group by 1, 2, 3, 4
)
select tenant_id, 'b'::"char" as per, 'q'::"char" as span, quarter as at, client_id, metric,
       stored.count as stored_count, stored.sum as stored_sum, folded.count as folded_count, folded.sum as folded_sum
  from stored full join folded using (tenant_id, client_id, metric, quarter)
  left join ${schema}.pruned using (tenant_id)
 where case when pruned.quarters @> quarter
            then folded.count is not null
                 and (stored.count is null or stored.count < folded.count or stored.min > folded.min or stored.max < folded.max)
            else (stored.count, stored.sum, stored.min, stored.max)
                 is distinct from (folded.count, folded.sum, folded.min, folded.max) end`;

/**
 * Returns the same SQL for all other rollups of a span. They must equal the sums of the span's quarter hours by client and
 * metric. `where` is a condition on `tenant_id` and the start of the span.
 */
export const differingSums = (schema: string, span: RollupSpan, where: (at: string) => string): string => `
with stored as (
  select * from ${schema}.rollup where span = '${span.letter}' and ${where("at")}
),
folded as materialized (${summedTo(span, "at", `${schema}.rollup where ${ARE_QUARTERS} and ${where(span.begin("at"))}`)}
),
summed as (${rollupsOf(span.letter, "folded")}
)
select tenant_id, per, '${span.letter}'::"char" as span, at, client_id, metric,
       stored.count as stored_count, stored.sum as stored_sum, summed.count as folded_count, summed.sum as folded_sum
  from stored full join summed using (tenant_id, per, at, client_id, metric)
 where (stored.count, stored.sum, stored.min, stored.max)
       is distinct from (summed.count, summed.sum, summed.min, summed.max)`;

/** SQL condition: in the range, and of one tenant or of any. Parameters: start, end, tenant. */
export const inRange = (at: string): string =>
  `${at} >= $1::timestamptz and ${at} < $2::timestamptz and ($3::text is null or tenant_id = $3::text)`;
