/** Returns SQL that creates the tables and the trigger unless they exist. `schema` is a quoted identifier. */
export const outboxTables = (schema: string): string => `
-- The endpoint settings that the trigger needs. URLs and secrets are only in code.
create table if not exists ${schema}.webhook_endpoint (
  name      text primary key,
  statuses  text[] not null,
  tenants   text[],               -- null: all
  digest_ms bigint                -- null: a message for each event
);

-- One row for each event and endpoint, from when the event is parked until it is delivered.
create table if not exists ${schema}.webhook_outbox (
  id         bigint generated always as identity primary key,
  at         timestamptz not null default clock_timestamp(),
  endpoint   text not null,
  tenant_id  text collate "C" not null,
  parked_id  bytea not null,
  message_id uuid,                -- set when the row gets a job; the rows of a digest share one
  failures   integer not null default 0,
  last_error text,
  gave_up_at timestamptz          -- set when no attempt is left, or the receiver responded with 410
);
create index if not exists webhook_outbox_new on ${schema}.webhook_outbox (endpoint, id) where message_id is null;
create index if not exists webhook_outbox_by_message on ${schema}.webhook_outbox (message_id);

-- Writes newly parked events to the outbox. Parking an event again is an update, so such an event is not in
-- parked_now. The function runs with its owner's privileges, so that the role that parks does not need privileges
-- here. An error must not prevent parking, so it becomes a warning in the server's log.
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
  raise warning 'evt webhooks: no webhook is sent for % parked events: %', (select count(*) from parked_now), sqlerrm
    using errcode = sqlstate;
  return null;
end
$function$;
revoke execute on function ${schema}.webhook_parked from public;

create or replace trigger webhook_parked after insert on ${schema}.parked
  referencing new table as parked_now for each statement execute function ${schema}.webhook_parked();
`;
