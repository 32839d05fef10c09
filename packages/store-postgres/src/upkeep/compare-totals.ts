import { CELLS } from "../totals/aggregate-query.js";
import { rollupsOf, summedTo, TOGETHER } from "../totals/rollup-groupings.js";
import { QUARTER, type RollupSpan } from "../totals/rollup-spans.js";

/** The quarter in which an event lies. */
export const QUARTER_OF_EVENT = QUARTER.begin("occurred_at");

/** The rollups that all others are sums of. */
export const ARE_QUARTERS = "per = 'b' and span = 'q'";

/**
 * The cells of which totals say otherwise than the events do: those of the quarters that `quarters` selects, a table of
 * `tenant_id` and `quarter`. Of pruned quarters only what cannot be: less than the events that are left. Columns:
 * `tenant_id, per, span, at, client_id, metric, told_count, told_sum, folded_count, folded_sum`.
 */
export const differingQuarters = (schema: string, quarters: string): string => `
with asked as materialized (${quarters}),
told as (
  select tenant_id, client_id, metric, quarter, ${TOGETHER}
    from (select tenant_id, client_id, metric, at as quarter, count, sum, min, max
            from ${schema}.rollup where ${ARE_QUARTERS}
           union all
          select tenant_id, client_id collate "C", metric collate "C", quarter, count, sum, min, max
            from ${schema}.tally, ${CELLS}) as part
    join asked using (tenant_id, quarter)
   group by tenant_id, client_id, metric, quarter
),
folded as (
  select event.tenant_id, event.client_id, event.metric, asked.quarter,
         count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max
    from ${schema}.event join asked on asked.tenant_id = event.tenant_id and asked.quarter = ${QUARTER_OF_EVENT}
   group by 1, 2, 3, 4
)
select tenant_id, 'b'::"char" as per, 'q'::"char" as span, quarter as at, client_id, metric,
       told.count as told_count, told.sum as told_sum, folded.count as folded_count, folded.sum as folded_sum
  from told full join folded using (tenant_id, client_id, metric, quarter)
  left join ${schema}.pruned using (tenant_id)
 where case when pruned.quarters @> quarter
            then folded.count is not null
                 and (told.count is null or told.count < folded.count or told.min > folded.min or told.max < folded.max)
            else (told.count, told.sum, told.min, told.max)
                 is distinct from (folded.count, folded.sum, folded.min, folded.max) end`;

/**
 * The same of all other rollups of a span, which are to be the sums of those of its quarters by client and metric:
 * where a condition holds of `tenant_id` and the span's beginning.
 */
export const differingSums = (schema: string, span: RollupSpan, where: (at: string) => string): string => `
with told as (
  select * from ${schema}.rollup where span = '${span.letter}' and ${where("at")}
),
folded as materialized (${summedTo(span, "at", `${schema}.rollup where ${ARE_QUARTERS} and ${where(span.begin("at"))}`)}
),
summed as (${rollupsOf(span.letter, "folded")}
)
select tenant_id, per, '${span.letter}'::"char" as span, at, client_id, metric,
       told.count as told_count, told.sum as told_sum, summed.count as folded_count, summed.sum as folded_sum
  from told full join summed using (tenant_id, per, at, client_id, metric)
 where (told.count, told.sum, told.min, told.max)
       is distinct from (summed.count, summed.sum, summed.min, summed.max)`;

/** Of a tenant, or of all. Parameters: begin, end, tenant. */
export const inRange = (at: string): string =>
  `${at} >= $1::timestamptz and ${at} < $2::timestamptz and ($3::text is null or tenant_id = $3::text)`;
