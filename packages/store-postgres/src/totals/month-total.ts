import { MAX, MIN, TOGETHER } from "./day-total.js";

/** SQL for the first day of a day's month. */
export const monthOf = (day: string): string => `date_trunc('month', (${day})::timestamp)::date`;

/** SQL for the start of a month. */
export const START_OF_MONTH = "month::timestamp at time zone 'UTC'";

const COLUMNS = "tenant_id, month, client_id, unit, count, sum, min, max";

/**
 * Returns SQL that adds cells of series to the totals of sealed months. It reads `series`, as `PACKED` computes it. While
 * a month is being sealed, only the totals of its first clients exist, and the others will be computed from the days.
 */
export const addedToMonths = (schema: string): string => `
  insert into ${schema}.month_total as total (${COLUMNS})
  select tenant_id, month, client_id, unit, ${TOGETHER}
    from series join ${schema}.sealed_month using (tenant_id)
   where month = ${monthOf("series.day")} and (built_to is null or client_id < built_to)
   group by tenant_id, month, client_id, unit
   order by tenant_id, month, client_id, unit
  on conflict (tenant_id, month, client_id, unit, dimensions) do update
     set count = total.count + excluded.count, sum = total.sum + excluded.sum,
         min = least(total.min, excluded.min), max = greatest(total.max, excluded.max)`;

/** Returns SQL that computes the totals of a month from its days. `rows` is SQL for the rows of the month's series. */
export const computedMonth = (schema: string, month: string, rows: string): string => `
insert into ${schema}.month_total (${COLUMNS})
select tenant_id, ${month}, client_id, unit, ${TOGETHER}
  from (select tenant_id, client_id, unit, count, sum, ${MIN} as min, ${MAX} as max
          from (${rows}) as day) as day
 group by tenant_id, client_id, unit
 order by client_id, unit`;
