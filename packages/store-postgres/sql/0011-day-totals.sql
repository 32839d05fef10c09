
create table "evt".day_total (
  day        date not null,             -- in UTC
  quarter    smallint,                  -- of the day, from 0, if all events are in one quarter hour; else null
  per        "char" not null,           -- s client and metric, m metric, a all events; other columns of the key are ''
  tenant_id  text collate "C" not null,
  client_id  text collate "C" not null,
  metric     text collate "C" not null,
  unit       text collate "C" not null default '',
  dimensions text collate "C" not null default '',
  count      bigint not null,
  sum        numeric not null,
  min        numeric,                   -- null: equal to sum, as of a single event; max, too
  max        numeric,
  quarters   smallint[],                -- the cells: parts of the totals by quarter hour; null if quarter is not
  counts     bigint[],
  sums       numeric[],
  mins       numeric[],
  maxs       numeric[],
  primary key (tenant_id, per, day, client_id, metric, unit, dimensions)
) with (fillfactor = 90);

-- null: no cell has a unit
alter table "evt".tally add column units text[];
alter table "evt".tally alter column units set storage external;

create function "evt".pause_folding() returns trigger language plpgsql
as $function$
begin
  raise exception 'folding pauses while a migration copies the totals'
    using errcode = 'lock_not_available', hint = 'Totals are exact meanwhile. Run migrate to its end.';
end
$function$;
create trigger pause_folding before insert or update or delete on "evt".rollup
  for each statement execute function "evt".pause_folding();

-- roles that may use rollup may use day_total
do $grants$
declare
  granted record;
begin
  for granted in
    select privilege_type as privilege, case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as role
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$"evt".rollup$name$::regclass and grantee <> relowner
       and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  loop
    execute format($ddl$grant %s on "evt".day_total to %s$ddl$, granted.privilege, granted.role);
  end loop;
end
$grants$;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (11, 'day totals', '06d3acf2bb363114ee4d2f6873958cf5d23fa8b6d19a8d32545313f7b32ef8e5', 1);
