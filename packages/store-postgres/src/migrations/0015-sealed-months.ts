/**
 * Adds the totals of clients by month. They are computed after a month has ended, so that a query for all clients need
 * not read a row for each day.
 */
export const sealedMonths = (schema: string) => `
create table ${schema}.month_total (
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
create table ${schema}.sealed_month (
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
     where pg_class.oid = $name$${schema}.day_total$name$::regclass and grantee <> relowner
       and privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  loop
    execute format($ddl$grant %s on ${schema}.month_total, ${schema}.sealed_month to %s$ddl$, granted.privilege, granted.role);
  end loop;
end
$grants$;
`;
