
with slice as materialized (
  select tenant_id, id, issues::text || coalesce(error::text, '') as texts
    from "evt".parked
   where ctid >= '(0,0)'::tid and ctid < '(4294967295,0)'::tid and reasons = '{}'
   order by tenant_id, id for update
),
coded as (
  select tenant_id, id,
         (select array_agg(code order by place)
            -- Read as text: no function reads a JSON object that has \u0000 in a message. A string has no bare quotes.
            from (select match[1] as code, min(place) as place
                    from regexp_matches(texts, '"code"\s*:\s*"([A-Za-z0-9_]+)"', 'g') with ordinality as found (match, place)
                   group by match[1]) as codes) as reasons
    from slice
)
update "evt".parked set reasons = coded.reasons
  from coded where parked.tenant_id = coded.tenant_id and parked.id = coded.id and coded.reasons is not null;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (7, 'fill reasons', 'bb52a042b1cbe28ac5cb03a4dacf623b0a7bb2531c3c9cd82317d19aa003cf3e', 1);
