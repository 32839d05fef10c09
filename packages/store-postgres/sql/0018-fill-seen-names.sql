
insert into "evt".seen_name (tenant_id, per, name)
select distinct tenant_id, per, case per when 's' then client_id else metric end
  from "evt".day_total
 where ctid >= '(0,0)'::tid and ctid < '(4294967295,0)'::tid and per in ('s', 'm') order by 1, 2, 3
on conflict do nothing;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (18, 'fill seen names', 'df511ce2b4a4060831b94efdf8bb2a289ec74d470613e9f900747fa991397400', 1);
