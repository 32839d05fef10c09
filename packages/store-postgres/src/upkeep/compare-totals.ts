import { valuesOfEvent } from "../totals/combination-total.js";
import {
  cellsOfDays,
  cellsOfRow,
  dayOf,
  GROUPED,
  MAX,
  MIN,
  START_OF_CELL,
  START_OF_DAY,
  TOGETHER,
} from "../totals/day-total.js";
import { START_OF_MONTH } from "../totals/month-total.js";
import { CELLS, CELLS_WITH_DIMENSIONS } from "../totals/tally-cells.js";

/** SQL for the start of the quarter hour of an event. */
export const QUARTER_OF_EVENT = "date_bin('15 minutes', occurred_at, '2000-01-01T00:00:00Z')";

/**
 * Returns SQL for the series whose stored totals of a quarter hour differ from their events. `quarters` is SQL for the
 * quarter hours, with the columns `tenant_id` and `quarter`. In a quarter hour with pruned events, a total may be
 * larger than its remaining events. Columns: `tenant_id, per, span, at, client_id, metric, unit, stored_count,
 * stored_sum, folded_count, folded_sum`.
 */
export const differingQuarters = (schema: string, quarters: string): string => `
with wanted as materialized (${quarters}),
stored as (
  select tenant_id, client_id, metric, unit, quarter, ${TOGETHER}
    from (select tenant_id, client_id, metric, unit, at as quarter, count, sum, min, max
            from (${cellsOfDays(`
                  select day_total.* from ${schema}.day_total
                    join (select distinct tenant_id, ${dayOf("quarter")} as day from wanted) as touched using (tenant_id, day)
                   where per = 's'`)}) as cell
           union all
          select tenant_id, client_id collate "C", metric collate "C", coalesce(unit, '') collate "C", quarter, count, sum, min, max
            from ${schema}.tally, ${CELLS}) as part
    join wanted using (tenant_id, quarter)
   group by tenant_id, client_id, metric, unit, quarter
),
folded as (
  select event.tenant_id, event.client_id, event.metric, coalesce(event.unit, '') as unit, wanted.quarter,
         count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max
    from ${schema}.event join wanted on wanted.tenant_id = event.tenant_id and wanted.quarter = ${QUARTER_OF_EVENT}
   group by 1, 2, 3, 4, 5
)
select tenant_id, 's'::"char" as per, 'q' as span, quarter as at, client_id, metric, unit,
       stored.count as stored_count, stored.sum as stored_sum, folded.count as folded_count, folded.sum as folded_sum
  from stored full join folded using (tenant_id, client_id, metric, unit, quarter)
  left join ${schema}.pruned using (tenant_id)
 where case when pruned.quarters @> quarter
            then folded.count is not null
                 and (stored.count is null or stored.count < folded.count or stored.min > folded.min or stored.max < folded.max)
            else (stored.count, stored.sum, stored.min, stored.max)
                 is distinct from (folded.count, folded.sum, folded.min, folded.max) end`;

/**
 * Returns SQL with the same columns for the totals that are sums of other totals: the totals of a quarter hour over all
 * clients or over all clients and metrics, and the totals of a day. They must equal the sums of the day's cells by
 * series. `where` is a condition on `tenant_id` and `day`.
 */
export const differingSums = (schema: string, where: string): string => `
with stored_cell as materialized (${cellsOfDays(`select * from ${schema}.day_total where ${where}`)}
),
stored as (
  select tenant_id, per, 'q' as span, day, quarter, client_id, metric, unit, ${TOGETHER}
    from stored_cell where per <> 's' group by 1, 2, 3, 4, 5, 6, 7, 8
   union all
  select tenant_id, per, 'd', day, 0, client_id, metric, unit, count, sum, ${MIN}, ${MAX} from ${schema}.day_total where ${where}
),
cell as (
  select * from stored_cell where per = 's'
),${GROUPED},
summed as (
  select tenant_id, per, 'q' as span, day, quarter, client_id, metric, unit, count, sum, min, max from grouped where per <> 's'
   union all
  select tenant_id, per, 'd', day, 0, client_id, metric, unit, ${TOGETHER} from grouped group by 1, 2, 3, 4, 5, 6, 7, 8
)
select tenant_id, per, span, (${START_OF_DAY}) + quarter * interval '15 minutes' as at, client_id, metric, unit,
       stored.count as stored_count, stored.sum as stored_sum, summed.count as folded_count, summed.sum as folded_sum
  from stored full join summed using (tenant_id, per, span, day, quarter, client_id, metric, unit)
 where (stored.count, stored.sum, stored.min, stored.max)
       is distinct from (summed.count, summed.sum, summed.min, summed.max)`;

/**
 * Returns SQL with the same columns for the totals of sealed months. They must equal the sums of the days by client.
 * `where` is a condition on `tenant_id` and `month`.
 */
export const differingMonths = (schema: string, where: string): string => `
with sealed as materialized (
  select * from ${schema}.sealed_month where ${where}
),
stored as (
  select total.* from ${schema}.month_total as total join sealed using (tenant_id, month)
   where built_to is null or client_id < built_to
),
summed as (
  select tenant_id, month, client_id, unit, sum(count) as count, sum(sum) as sum, min(${MIN}) as min, max(${MAX}) as max
    from ${schema}.day_total join sealed using (tenant_id)
   where per = 's' and day >= month and day < (month + interval '1 month')::date
     and (built_to is null or client_id < built_to)
   group by tenant_id, month, client_id, unit
)
select tenant_id, 's'::"char" as per, 'm' as span, ${START_OF_MONTH} as at, client_id, null as metric, unit,
       stored.count as stored_count, stored.sum as stored_sum, summed.count as folded_count, summed.sum as folded_sum
  from stored full join summed using (tenant_id, month, client_id, unit)
 where (stored.count, stored.sum, stored.min, stored.max)
       is distinct from (summed.count, summed.sum, summed.min, summed.max)`;

/**
 * Returns SQL for the totals of combinations that differ from their events. Totals in a gap are not compared, because
 * nothing reads them. `quarters` is as for {@link differingQuarters}. Columns: `tenant_id, span, at, client_id, metric,
 * unit, dimensions, stored_count, stored_sum, folded_count, folded_sum`.
 */
export const differingCombinations = (schema: string, quarters: string): string => `
with wanted as materialized (${quarters}),
combination as materialized (
  select * from ${schema}.combination where is_kept
),
compared as materialized (
  select combination.id as combination, wanted.tenant_id, wanted.quarter
    from wanted cross join combination
    left join ${schema}.combination_gap as gap on gap.combination = combination.id and gap.tenant_id = wanted.tenant_id
   where not coalesce(gap.quarters @> wanted.quarter, false)
     and not exists (select from ${schema}.tally
                      where tally.tenant_id = wanted.tenant_id and wanted.quarter = any (tally.quarters)
                        and not coalesce(tally.dimension_names @> combination.dimensions, false))
),
kept as materialized (
  select total.* from ${schema}.combination_total as total
    join (select distinct combination, tenant_id, ${dayOf("quarter")} as day from compared) as touched using (combination, tenant_id, day)
),
stored as (
  select combination, tenant_id, client_id, metric, unit, dimension_values, quarter, ${TOGETHER}
    from (select combination, tenant_id, client_id, metric, unit, dimension_values, ${START_OF_CELL} as quarter,
                 cell.count, cell.sum, cell.min, cell.max
            from kept as total, ${cellsOfRow("total")}
           union all
          select combination.id, tenant_id, case when by_client then client_id else '' end collate "C",
                 case when by_metric then metric else '' end collate "C", coalesce(unit, '') collate "C",
                 array(select cell.dimensions::json ->> (array_position(tally.dimension_names, name) - 1)
                         from unnest(combination.dimensions) with ordinality as wanted (name, place) order by place) collate "C",
                 quarter, count, sum, min, max
            from ${schema}.tally join combination on tally.dimension_names @> combination.dimensions,
                 ${CELLS_WITH_DIMENSIONS}) as part
    join compared using (combination, tenant_id, quarter)
   group by 1, 2, 3, 4, 5, 6, 7
),
folded as (
  select combination.id as combination, event.tenant_id, case when by_client then client_id else '' end collate "C" as client_id,
         case when by_metric then metric else '' end collate "C" as metric, coalesce(unit, '') collate "C" as unit,
         ${valuesOfEvent("combination", "event")} as dimension_values, compared.quarter,
         count(*) as count, sum(amount) as sum, min(amount) as min, max(amount) as max
    from ${schema}.event
    join compared on compared.tenant_id = event.tenant_id and compared.quarter = ${QUARTER_OF_EVENT}
    join combination on combination.id = compared.combination
   group by 1, 2, 3, 4, 5, 6, 7
),
differing as (
  select combination, tenant_id, 'q' as span, quarter as at, client_id, metric, unit, dimension_values,
         stored.count as stored_count, stored.sum as stored_sum, folded.count as folded_count, folded.sum as folded_sum
    from stored full join folded using (combination, tenant_id, client_id, metric, unit, dimension_values, quarter)
    left join ${schema}.pruned using (tenant_id)
   where case when pruned.quarters @> quarter
              then folded.count is not null
                   and (stored.count is null or stored.count < folded.count or stored.min > folded.min or stored.max < folded.max)
              else (stored.count, stored.sum, stored.min, stored.max)
                   is distinct from (folded.count, folded.sum, folded.min, folded.max) end
   union all
  select combination, tenant_id, 'd', ${START_OF_DAY}, client_id, metric, unit, dimension_values,
         total.count, total.sum, summed.count, summed.sum
    from kept as total
    join lateral (select ${TOGETHER} from ${cellsOfRow("total")}) as summed
      on (total.count, total.sum, ${"coalesce(total.min, total.sum)"}, ${"coalesce(total.max, total.sum)"})
         is distinct from (summed.count, summed.sum, summed.min, summed.max)
)
select tenant_id, span, at, nullif(client_id, '') as client_id, nullif(metric, '') as metric, nullif(unit, '') as unit,
       (select json_object_agg(name, value order by name)::text
          from unnest(combination.dimensions, differing.dimension_values) as dimension (name, value)) as dimensions,
       stored_count, stored_sum, folded_count, folded_sum, differing.combination
  from differing join combination on combination.id = differing.combination`;

/**
 * SQL condition: `at` is in the range, and the tenant matches. Parameters: start, end, and tenant or null for all
 * tenants.
 */
export const inRange = (at: string): string =>
  `${at} >= $1::timestamptz and ${at} < $2::timestamptz and ${OF_TENANT}`;

const OF_TENANT = "($3::text is null or tenant_id = $3::text)";

/** SQL condition: the range touches the day, and the tenant matches. Same parameters as {@link inRange}. */
export const touchesRange = `day >= ${dayOf("$1::timestamptz")} and day <= ${dayOf("$2::timestamptz - interval '1 microsecond'")} and ${OF_TENANT}`;

/** SQL condition: the range touches the month, and the tenant matches. Same parameters as {@link inRange}. */
export const monthTouchesRange = `(month + interval '1 month')::date > ${dayOf("$1::timestamptz")}
     and month <= ${dayOf("$2::timestamptz - interval '1 microsecond'")} and ${OF_TENANT}`;
