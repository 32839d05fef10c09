/**
 * Backfills `reasons` of events that were parked before the column existed. The value equals the result of
 * `reasonsOf`: the codes of the issues, each once, and the error's code. Each slice locks its rows in the order in
 * which parking locks them.
 */
export const fillReasons = (schema: string) => `
with slice as materialized (
  select tenant_id, id, issues::text || coalesce(error::text, '') as texts
    from ${schema}.parked
   where ctid >= $1::tid and ctid < $2::tid and reasons = '{}'
   order by tenant_id, id for update
),
coded as (
  select tenant_id, id,
         (select array_agg(code order by place)
            -- Read as text: no function reads a JSON object that has \\u0000 in a message. A string has no bare quotes.
            from (select match[1] as code, min(place) as place
                    from regexp_matches(texts, '"code"\\s*:\\s*"([A-Za-z0-9_]+)"', 'g') with ordinality as found (match, place)
                   group by match[1]) as codes) as reasons
    from slice
)
update ${schema}.parked set reasons = coded.reasons
  from coded where parked.tenant_id = coded.tenant_id and parked.id = coded.id and coded.reasons is not null
`;
