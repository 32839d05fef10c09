/**
 * Replaces the table `rollup` by a view of `day_total`, so that processes of the previous version still read exact
 * totals. They can no longer fold. Processes of this version fold their tallies.
 */
export const dropRollup = (schema: string) => `
create view ${schema}.rollup_of_days as
select total.tenant_id, was.per, part.span, part.at, total.client_id,
       case was.per when 'c' then '' else total.metric end as metric,
       sum(cell.count)::bigint as count, sum(cell.sum) as sum, min(cell.min) as min, max(cell.max) as max
  from ${schema}.day_total as total
  cross join lateral unnest(
    coalesce(total.quarters, array[total.quarter]), coalesce(total.counts, array[total.count]),
    coalesce(total.sums, array[total.sum]), coalesce(total.mins, array[coalesce(total.min, total.sum)]),
    coalesce(total.maxs, array[coalesce(total.max, total.sum)])) as cell (quarter, count, sum, min, max)
  cross join lateral (select (total.day::timestamp at time zone 'UTC') + cell.quarter * interval '15 minutes' as at) as quarter
  cross join lateral (values
    ('q'::"char", quarter.at),
    ('t'::"char", date_bin('3 hours', quarter.at, '2000-01-01T00:00:00Z')),
    ('d'::"char", date_bin('1 day', quarter.at, '2000-01-01T00:00:00Z')),
    ('m'::"char", date_trunc('month', quarter.at, 'UTC'))) as part (span, at)
  join (values ('s'::"char", 'b'::"char"), ('s', 'c'), ('m', 'm'), ('a', 'n')) as was (by, per) on was.by = total.per
 group by 1, 2, 3, 4, 5, 6;

-- roles that may read the table may read the view
do $grants$
declare
  reader text;
begin
  for reader in
    select case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$${schema}.rollup$name$::regclass and grantee <> relowner and privilege_type = 'SELECT'
  loop
    execute format($ddl$grant select on ${schema}.rollup_of_days to %s$ddl$, reader);
  end loop;
end
$grants$;
drop table ${schema}.rollup;
drop function ${schema}.pause_folding();
alter view ${schema}.rollup_of_days rename to rollup;
`;
