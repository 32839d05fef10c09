/**
 * The distinct clients and metrics of each tenant. A trigger adds the names of new rows of `day_total`. So no name is
 * missing even if a process of the previous version folds.
 */
export const seenNames = (schema: string) => `
create table ${schema}.seen_name (
  tenant_id text collate "C" not null,
  per       "char" not null,            -- of day_total: s the name is a client, m it is a metric
  name      text collate "C" not null,
  primary key (tenant_id, per, name)
);

create function ${schema}.note_names() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $function$
begin
  insert into ${schema}.seen_name (tenant_id, per, name)
  select distinct tenant_id, per, case per when 's' then client_id else metric end
    from added where per in ('s', 'm') order by 1, 2, 3
  on conflict do nothing;
  return null;
end
$function$;
revoke execute on function ${schema}.note_names from public;
create trigger note_names after insert on ${schema}.day_total referencing new table as added
  for each statement execute function ${schema}.note_names();

-- roles that may read day_total may read seen_name
do $grants$
declare
  reader text;
begin
  for reader in
    select case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$${schema}.day_total$name$::regclass and grantee <> relowner and privilege_type = 'SELECT'
  loop
    execute format($ddl$grant select on ${schema}.seen_name to %s$ddl$, reader);
  end loop;
end
$grants$;
`;
