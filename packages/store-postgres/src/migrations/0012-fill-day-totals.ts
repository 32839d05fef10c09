/** SQL for the rows of `day_total` that the rollups by day in a slice become. `per` is a letter of `rollup`. */
const copied = (schema: string, per: string, to: string) => `
select day.tenant_id, '${to}'::"char" as per, (day.at at time zone 'UTC')::date as day, day.client_id, day.metric,
       case when cells = 1 then quarter end as quarter, total.count, total.sum,
       case when total.count > 1 then total.min end as min, case when total.count > 1 then total.max end as max,
       case when cells > 1 then quarters end as quarters, case when cells > 1 then counts end as counts,
       case when cells > 1 then sums end as sums, case when cells > 1 then mins end as mins,
       case when cells > 1 then maxs end as maxs
  from (select * from ${schema}.rollup
         where ctid >= $1::tid and ctid < $2::tid and span = 'd' and per = '${per}' offset 0) as day
  cross join lateral (
    select count(*) as cells, min(quarter) as quarter, sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max,
           array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums, array_agg(min) as mins,
           array_agg(max) as maxs
      from (select ((date_part('epoch', at) - date_part('epoch', day.at)) / 900)::int2 as quarter, count, sum, min, max
              from ${schema}.rollup as cell
             where cell.tenant_id = day.tenant_id and cell.per = '${per}' and cell.span = 'q'
               and cell.at >= day.at and cell.at < day.at + interval '24 hours'
               and cell.client_id = day.client_id and cell.metric = day.metric) as cell) as total
 where cells > 0`;

/**
 * Copies the totals of `rollup` to `day_total`. Each row is computed from all its quarter hours, so a slice that runs
 * again changes nothing.
 */
export const fillDayTotals = (schema: string) => `
insert into ${schema}.day_total
  (tenant_id, per, day, client_id, metric, quarter, count, sum, min, max, quarters, counts, sums, mins, maxs)
${[copied(schema, "b", "s"), copied(schema, "m", "m"), copied(schema, "n", "a")].join("\n union all")}
on conflict do nothing
`;
