
insert into "evt".day_total
  (tenant_id, per, day, client_id, metric, quarter, count, sum, min, max, quarters, counts, sums, mins, maxs)

select day.tenant_id, 's'::"char" as per, (day.at at time zone 'UTC')::date as day, day.client_id, day.metric,
       case when cells = 1 then quarter end as quarter, total.count, total.sum,
       case when total.count > 1 then total.min end as min, case when total.count > 1 then total.max end as max,
       case when cells > 1 then quarters end as quarters, case when cells > 1 then counts end as counts,
       case when cells > 1 then sums end as sums, case when cells > 1 then mins end as mins,
       case when cells > 1 then maxs end as maxs
  from (select * from "evt".rollup
         where ctid >= '(0,0)'::tid and ctid < '(4294967295,0)'::tid and span = 'd' and per = 'b' offset 0) as day
  cross join lateral (
    select count(*) as cells, min(quarter) as quarter, sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max,
           array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums, array_agg(min) as mins,
           array_agg(max) as maxs
      from (select ((date_part('epoch', at) - date_part('epoch', day.at)) / 900)::int2 as quarter, count, sum, min, max
              from "evt".rollup as cell
             where cell.tenant_id = day.tenant_id and cell.per = 'b' and cell.span = 'q'
               and cell.at >= day.at and cell.at < day.at + interval '24 hours'
               and cell.client_id = day.client_id and cell.metric = day.metric) as cell) as total
 where cells > 0
 union all
select day.tenant_id, 'm'::"char" as per, (day.at at time zone 'UTC')::date as day, day.client_id, day.metric,
       case when cells = 1 then quarter end as quarter, total.count, total.sum,
       case when total.count > 1 then total.min end as min, case when total.count > 1 then total.max end as max,
       case when cells > 1 then quarters end as quarters, case when cells > 1 then counts end as counts,
       case when cells > 1 then sums end as sums, case when cells > 1 then mins end as mins,
       case when cells > 1 then maxs end as maxs
  from (select * from "evt".rollup
         where ctid >= '(0,0)'::tid and ctid < '(4294967295,0)'::tid and span = 'd' and per = 'm' offset 0) as day
  cross join lateral (
    select count(*) as cells, min(quarter) as quarter, sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max,
           array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums, array_agg(min) as mins,
           array_agg(max) as maxs
      from (select ((date_part('epoch', at) - date_part('epoch', day.at)) / 900)::int2 as quarter, count, sum, min, max
              from "evt".rollup as cell
             where cell.tenant_id = day.tenant_id and cell.per = 'm' and cell.span = 'q'
               and cell.at >= day.at and cell.at < day.at + interval '24 hours'
               and cell.client_id = day.client_id and cell.metric = day.metric) as cell) as total
 where cells > 0
 union all
select day.tenant_id, 'a'::"char" as per, (day.at at time zone 'UTC')::date as day, day.client_id, day.metric,
       case when cells = 1 then quarter end as quarter, total.count, total.sum,
       case when total.count > 1 then total.min end as min, case when total.count > 1 then total.max end as max,
       case when cells > 1 then quarters end as quarters, case when cells > 1 then counts end as counts,
       case when cells > 1 then sums end as sums, case when cells > 1 then mins end as mins,
       case when cells > 1 then maxs end as maxs
  from (select * from "evt".rollup
         where ctid >= '(0,0)'::tid and ctid < '(4294967295,0)'::tid and span = 'd' and per = 'n' offset 0) as day
  cross join lateral (
    select count(*) as cells, min(quarter) as quarter, sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max,
           array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums, array_agg(min) as mins,
           array_agg(max) as maxs
      from (select ((date_part('epoch', at) - date_part('epoch', day.at)) / 900)::int2 as quarter, count, sum, min, max
              from "evt".rollup as cell
             where cell.tenant_id = day.tenant_id and cell.per = 'n' and cell.span = 'q'
               and cell.at >= day.at and cell.at < day.at + interval '24 hours'
               and cell.client_id = day.client_id and cell.metric = day.metric) as cell) as total
 where cells > 0
on conflict do nothing;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (12, 'fill day totals', 'ed16660a32a5246335ca392e4e5a87767abf3852796bee4b1188d47a2aca15ee', 1);
