import { CELLS } from "../totals/aggregate-query.js";
import { sumsOver } from "../totals/rollup-groupings.js";
import type { RollupSpan } from "../totals/rollup-spans.js";

/** The quarter in which an event lies. */
export const QUARTER_OF_EVENT = "date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z')";

/**
 * The cells of which totals say otherwise than the events do: those of the quarters that `quarters` selects, a table of
 * `tenant_id` and `quarter`. Of pruned quarters only what cannot be: less than the events that are left. Columns:
 * `tenant_id, per, span, at, client_id, metric, told_count, told_sum, folded_count, folded_sum`.
 */
export const differingQuarters = (schema: string, quarters: string): string => `
with asked as materialized (${quarters}),
told as (
  select tenant_id, client_id, metric, quarter, sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max
    from (select tenant_id, client_id, metric, at as quarter, count, sum, min, max
            from ${schema}.rollup where per = 'b' and span = 'q'
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

/** Which beginnings of spans are looked at. */
export interface Chosen {
  /** A condition on a beginning and on `tenant_id`. */
  readonly where: (at: string) => string;
  /** What the condition asks, as common table expressions, each with a comma behind. */
  readonly asking?: string;
}

/** The same of all other rollups, which are to be the sums of those of their quarters by client and metric. */
export const differingSums = (schema: string, { letter, begin }: RollupSpan, chosen: Chosen): string => `
with ${chosen.asking ?? ""}
told as (
  select * from ${schema}.rollup where span = '${letter}' and ${chosen.where("at")}
),
folded as materialized (
  select tenant_id, client_id, metric, ${begin("at")} as at,
         sum(count) as count, sum(sum) as sum, min(min) as min, max(max) as max
    from ${schema}.rollup
   where per = 'b' and span = 'q' and ${chosen.where(begin("at"))}
   group by 1, 2, 3, 4
),
summed as (
  select tenant_id, 'b'::"char" as per, '${letter}'::"char" as span, at, client_id, metric, count, sum, min, max from folded
   union all
  ${sumsOver(letter, "folded")}
)
select tenant_id, per, '${letter}'::"char" as span, at, client_id, metric,
       told.count as told_count, told.sum as told_sum, summed.count as folded_count, summed.sum as folded_sum
  from told full join summed using (tenant_id, per, at, client_id, metric)
 where (told.count, told.sum, told.min, told.max)
       is distinct from (summed.count, summed.sum, summed.min, summed.max)`;

/** Of a tenant, or of all. Parameters: begin, end, tenant. */
export const inRange = (at: string): string =>
  `${at} >= $1::timestamptz and ${at} < $2::timestamptz and ($3::text is null or tenant_id = $3::text)`;
