
create table "evt".seen_name (
  tenant_id text collate "C" not null,
  per       "char" not null,            -- of day_total: s the name is a client, m it is a metric
  name      text collate "C" not null,
  primary key (tenant_id, per, name)
);

create function "evt".note_names() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $function$
begin
  insert into "evt".seen_name (tenant_id, per, name)
  select distinct tenant_id, per, case per when 's' then client_id else metric end
    from added where per in ('s', 'm') order by 1, 2, 3
  on conflict do nothing;
  return null;
end
$function$;
revoke execute on function "evt".note_names from public;
create trigger note_names after insert on "evt".day_total referencing new table as added
  for each statement execute function "evt".note_names();

-- roles that may read day_total may read seen_name
do $grants$
declare
  reader text;
begin
  for reader in
    select case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
      from pg_class, aclexplode(relacl)
     where pg_class.oid = $name$"evt".day_total$name$::regclass and grantee <> relowner and privilege_type = 'SELECT'
  loop
    execute format($ddl$grant select on "evt".seen_name to %s$ddl$, reader);
  end loop;
end
$grants$;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (17, 'seen names', 'e50a769b467ec35d517e307bec2c89c7bef24a5bafcfb9b843203d88fc05dd74', 1);
