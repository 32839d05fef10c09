
create table "evt".month_total (
  month      date not null,             -- its first day, in UTC
  tenant_id  text collate "C" not null,
  client_id  text collate "C" not null,
  unit       text collate "C" not null default '',
  dimensions text collate "C" not null default '',
  count      bigint not null,
  sum        numeric not null,
  min        numeric not null,
  max        numeric not null,
  primary key (tenant_id, month, client_id, unit, dimensions)
) with (fillfactor = 90);

-- The months whose totals are in month_total. Folds keep them up to date.
create table "evt".sealed_month (
  tenant_id text collate "C" not null,
  month     date not null,
  built_to  text collate "C",           -- the totals of clients before this one are complete; null: of all clients
  primary key (tenant_id, month)
);

-- roles that may use day_total may use these tables
do $grants$
declare
  granted record;
begin
  for granted in
    select privilege_type as privilege, case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as role
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$"evt".day_total$name$::regclass and grantee <> relowner
       and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  loop
    execute format($ddl$grant %s on "evt".month_total, "evt".sealed_month to %s$ddl$, granted.privilege, granted.role);
  end loop;
end
$grants$;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (15, 'sealed months', '3db0f3f15aa88e43f8c7ab337eca32db9db9039bb7b87d543f65b38f18c85b8b', 1);
