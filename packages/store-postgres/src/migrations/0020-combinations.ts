/**
 * Adds totals by dimensions. A trigger folds them, so no event is missing if a process of the version before folds. The
 * new columns of `tally` are null in tallies of that version. Their quarter hours become gaps, which `maintain` fills
 * from the events.
 */
export const combinations = (schema: string) => `
-- The combinations of client, metric and dimensions whose totals are kept.
create table ${schema}.combination (
  id         integer generated always as identity primary key,
  by_client  boolean not null,
  by_metric  boolean not null,
  dimensions text[] collate "C" not null,          -- names, sorted
  is_kept    boolean not null default false,       -- folds add to its totals
  wanted_at  timestamptz not null default now(),   -- a process with this combination in its options was running
  unique (by_client, by_metric, dimensions)
);

-- Columns of the key that the combination does not have are ''. The others are as in day_total.
create table ${schema}.combination_total (
  day              date not null,
  quarter          smallint,
  combination      integer not null,
  tenant_id        text collate "C" not null,
  client_id        text collate "C" not null,
  metric           text collate "C" not null,
  unit             text collate "C" not null,
  dimension_values text[] collate "C" not null,    -- in the order of combination.dimensions
  count            bigint not null,
  sum              numeric not null,
  min              numeric,
  max              numeric,
  quarters         smallint[],
  counts           bigint[],
  sums             numeric[],
  mins             numeric[],
  maxs             numeric[],
  primary key (combination, tenant_id, day, client_id, metric, unit, dimension_values)
) with (fillfactor = 90);

-- The times whose totals are incomplete. Folds do not add to them.
create table ${schema}.combination_gap (
  combination integer not null,
  tenant_id   text collate "C" not null,
  quarters    tstzmultirange not null,
  primary key (combination, tenant_id)
);

-- The names of the dimensions that the tally has, and the values of each cell as a JSON array in the order of the names.
alter table ${schema}.tally add column dimension_names text[], add column dimensions text[];
alter table ${schema}.tally alter column dimensions set storage external;

create function ${schema}.fold_combinations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $function$
declare
  long tid[];
begin
  if not exists (select from ${schema}.combination where is_kept) then
    return null;
  end if;

  insert into ${schema}.combination_gap as gap (combination, tenant_id, quarters)
  select combination.id, tally.tenant_id, range_agg(tstzrange(quarter, quarter + interval '15 minutes'))
    from folded as tally cross join ${schema}.combination cross join unnest(tally.quarters) as quarter
   where combination.is_kept and not coalesce(tally.dimension_names @> combination.dimensions, false)
   group by 1, 2 order by 1, 2
  on conflict (combination, tenant_id) do update set quarters = gap.quarters + excluded.quarters;

  with cell as (
    select combination.id as combination, tally.tenant_id, (cell.at at time zone 'UTC')::date as day,
           ((floor(date_part('epoch', cell.at) / 900)::int8 % 96 + 96) % 96)::int2 as quarter,
           case when combination.by_client then cell.client_id else '' end collate "C" as client_id,
           case when combination.by_metric then cell.metric else '' end collate "C" as metric,
           coalesce(cell.unit, '') collate "C" as unit,
           array(select cell.dimensions::json ->> (array_position(tally.dimension_names, name) - 1)
                   from unnest(combination.dimensions) with ordinality as wanted (name, place) order by place) collate "C" as dimension_values,
           cell.count, cell.sum, cell.min, cell.max
      from folded as tally
     cross join unnest(tally.client_ids, tally.metrics, tally.quarters, tally.counts, tally.sums, tally.mins, tally.maxs,
                       tally.units, tally.dimensions)
             as cell (client_id, metric, at, count, sum, min, max, unit, dimensions)
      join ${schema}.combination on combination.is_kept and tally.dimension_names @> combination.dimensions
      left join ${schema}.combination_gap as gap on gap.combination = combination.id and gap.tenant_id = tally.tenant_id
     where not coalesce(gap.quarters @> cell.at, false)
  ),
  grouped as (
    select combination, tenant_id, day, client_id, metric, unit, dimension_values, quarter,
           sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max
      from cell group by 1, 2, 3, 4, 5, 6, 7, 8
  ),
  gathered as (
    select combination, tenant_id, day, client_id, metric, unit, dimension_values, count(*) as cells, min(quarter) as quarter,
           sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max,
           array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums, array_agg(min) as mins, array_agg(max) as maxs
      from grouped group by 1, 2, 3, 4, 5, 6, 7
  ),
  stored as (
    insert into ${schema}.combination_total as total
      (combination, tenant_id, day, client_id, metric, unit, dimension_values, quarter, count, sum, min, max, quarters, counts, sums, mins, maxs)
    select combination, tenant_id, day, client_id, metric, unit, dimension_values, case when cells = 1 then quarter end, count, sum,
           case when count > 1 then min end, case when count > 1 then max end,
           case when cells > 1 then quarters end, case when cells > 1 then counts end, case when cells > 1 then sums end,
           case when cells > 1 then mins end, case when cells > 1 then maxs end
      from gathered order by 1, 2, 3, 4, 5, 6, 7
    on conflict (combination, tenant_id, day, client_id, metric, unit, dimension_values) do update
       set count = total.count + excluded.count, sum = total.sum + excluded.sum,
           min = least(coalesce(total.min, total.sum), coalesce(excluded.min, excluded.sum)),
           max = greatest(coalesce(total.max, total.sum), coalesce(excluded.max, excluded.sum)),
           quarter = null,
           quarters = coalesce(total.quarters, array[total.quarter]) || coalesce(excluded.quarters, array[excluded.quarter]),
           counts = coalesce(total.counts, array[total.count]) || coalesce(excluded.counts, array[excluded.count]),
           sums = coalesce(total.sums, array[total.sum]) || coalesce(excluded.sums, array[excluded.sum]),
           mins = coalesce(total.mins, array[coalesce(total.min, total.sum)])
               || coalesce(excluded.mins, array[coalesce(excluded.min, excluded.sum)]),
           maxs = coalesce(total.maxs, array[coalesce(total.max, total.sum)])
               || coalesce(excluded.maxs, array[coalesce(excluded.max, excluded.sum)])
    returning ctid, cardinality(total.quarters) as cells
  )
  select array_agg(ctid) filter (where cells > 192) into long from stored;

  if long is not null then
    update ${schema}.combination_total as total
       set (quarter, quarters, counts, sums, mins, maxs) = (
         select case when count(*) = 1 then min(quarter) end,
                case when count(*) > 1 then array_agg(quarter) end, case when count(*) > 1 then array_agg(count) end,
                case when count(*) > 1 then array_agg(sum) end, case when count(*) > 1 then array_agg(min) end,
                case when count(*) > 1 then array_agg(max) end
           from (select quarter, sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max
                   from unnest(total.quarters, total.counts, total.sums, total.mins, total.maxs) as cell (quarter, count, sum, min, max)
                  group by quarter order by quarter) as merged)
     where ctid = any(long);
  end if;
  return null;
end
$function$;
revoke execute on function ${schema}.fold_combinations from public;
create trigger fold_combinations after delete on ${schema}.tally referencing old table as folded
  for each statement execute function ${schema}.fold_combinations();

-- roles that may use day_total may use these tables, and roles that may fold may delete their rows
do $grants$
declare
  granted record;
begin
  for granted in
    select privilege_type as privilege, case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as role
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$${schema}.day_total$name$::regclass and grantee <> relowner
       and privilege_type in ('SELECT', 'INSERT', 'UPDATE')
     union all
    select 'DELETE', case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$${schema}.tally$name$::regclass and grantee <> relowner and privilege_type = 'DELETE'
  loop
    execute format(
      $ddl$grant %s on ${schema}.combination, ${schema}.combination_total, ${schema}.combination_gap to %s$ddl$,
      granted.privilege, granted.role);
  end loop;
end
$grants$;
`;
