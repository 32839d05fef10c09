/** Which events go where, and the events that wait; run again, it changes nothing. `schema` is an identifier, quoted. */
export const outboxTables = (schema: string): string => `
-- What the trigger has to know of an endpoint; its URL and its secret stay in code.
create table if not exists ${schema}.webhook_endpoint (
  name      text primary key,
  statuses  text[] not null,
  tenants   text[],               -- null: all
  digest_ms bigint                -- null: a message for each event
);

-- One row for each event and endpoint, from the moment it is parked until it is delivered.
create table if not exists ${schema}.webhook_outbox (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  endpoint   text not null,
  tenant_id  text collate "C" not null,
  parked_id  bytea not null,
  message_id uuid,                -- of the message that tells of it, once there is a job for it; a digest's rows share one
  failures   integer not null default 0,
  last_error text,
  gave_up_at timestamptz          -- the attempts are used up, or the receiver wants no more
);
create index if not exists webhook_outbox_new on ${schema}.webhook_outbox (endpoint, id) where message_id is null;
create index if not exists webhook_outbox_by_message on ${schema}.webhook_outbox (message_id);

-- Tells of what is newly parked: an event parked again is an update, and no row of parked_now. Runs with the rights of its
-- owner, so that whoever parks needs none here. Parking comes first: whatever goes wrong is a warning in the server's log.
create or replace function ${schema}.webhook_parked() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '500ms'
as $function$
begin
  insert into ${schema}.webhook_outbox (endpoint, tenant_id, parked_id)
  select endpoint.name, parked_now.tenant_id, parked_now.id
    from parked_now
    join ${schema}.webhook_endpoint as endpoint
      on parked_now.status = any (endpoint.statuses)
     and (endpoint.tenants is null or parked_now.tenant_id = any (endpoint.tenants))
   where parked_now.resolved_at is null;
  return null;
exception when others then
  raise warning 'evt webhooks: % parked events will not be told of: %', (select count(*) from parked_now), sqlerrm
    using errcode = sqlstate;
  return null;
end
$function$;
revoke execute on function ${schema}.webhook_parked from public;

create or replace trigger webhook_parked after insert on ${schema}.parked
  referencing new table as parked_now for each statement execute function ${schema}.webhook_parked();
`;
