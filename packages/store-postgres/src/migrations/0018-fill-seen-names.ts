/**
 * Adds the names of the rows of `day_total` that existed before the trigger. A slice that runs again changes nothing.
 */
export const fillSeenNames = (schema: string) => `
insert into ${schema}.seen_name (tenant_id, per, name)
select distinct tenant_id, per, case per when 's' then client_id else metric end
  from ${schema}.day_total
 where ctid >= $1::tid and ctid < $2::tid and per in ('s', 'm') order by 1, 2, 3
on conflict do nothing
`;
