/** Claims, events, rollups and parked events. */
export const initial = (schema: string) => `
-- Who holds an identity. Outlives the event, so that a resend of a pruned event is still known.
create table ${schema}.claim (
  tenant_id   text collate "C" not null,
  identity    bytea not null,
  received_at timestamptz not null,  -- of the event: finds its partition
  lapses_at   timestamptz,           -- null: never
  event_id    bytea,                 -- null: the identity
  fingerprint bytea,                 -- null: the identity
  receipt_id  uuid not null,
  -- the hash first: it alone tells two rows apart at once, and this key is searched twice for every event
  primary key (identity, tenant_id)
);

-- What was counted, by month of receipt. No unique index: the claim is what makes an event unique.
create table ${schema}.event (
  tenant_id       text collate "C" not null,
  id              bytea not null,
  received_at     timestamptz not null,
  occurred_at     timestamptz not null,
  client_id       text collate "C" not null,
  metric          text collate "C" not null,
  amount          numeric not null,
  identified_by   "char" not null,   -- k key, c content, w window, r receipt
  identity        bytea,             -- null: the id
  fingerprint     bytea,             -- null: the identity
  idempotency_key text,
  raw             json               -- json, not jsonb: kept as it was sent
) partition by range (received_at);

create index event_by_time on ${schema}.event (tenant_id, occurred_at);
create index event_by_receipt on ${schema}.event (tenant_id, received_at, id);
-- Events whose id is not their identity cannot be found by their claim.
create index event_by_id on ${schema}.event (tenant_id, id) where identity is not null;

-- The running totals of a quarter of an hour, the finest grid on which every present civil time zone's day begins.
-- Spread over slots, so that writers do not queue on one hot row; readers sum the slots.
create table ${schema}.rollup (
  tenant_id text collate "C" not null,
  client_id text collate "C" not null,
  metric    text collate "C" not null,
  quarter   timestamptz not null,
  slot      smallint not null,
  count     bigint not null,
  sum       numeric not null,
  min       numeric not null,
  max       numeric not null,
  primary key (tenant_id, client_id, metric, quarter, slot)
) with (fillfactor = 70);

-- What was not counted, with the reason.
create table ${schema}.parked (
  tenant_id       text collate "C" not null,
  id              bytea not null,
  status          text not null check (status in ('rejected', 'conflict', 'failed')),
  received_at     timestamptz not null,
  occurred_at     timestamptz,
  client_id       text collate "C",
  metric          text collate "C",
  amount          numeric,
  idempotency_key text,
  identified_by   "char",
  identity        bytea,
  fingerprint     bytea,
  raw             text,              -- text, not json: also what no json type takes is kept
  issues          json not null,
  error           json,
  conflicts_with  bytea,
  attempts        integer not null,
  last_attempt_at timestamptz not null,
  resolved_at     timestamptz,
  primary key (tenant_id, id)
);

-- A resolved failure is no longer listed.
create index parked_by_receipt on ${schema}.parked (tenant_id, status, received_at, id) where resolved_at is null;
create index parked_open_failure on ${schema}.parked (tenant_id, identity) where status = 'failed' and resolved_at is null;

-- Makes the partition of the month of \`at\`, if it is not there. Runs with the rights of its owner, so that the
-- application need not own tables, only be granted to execute it. Made first and attached then: attaching does not
-- block writers.
create function ${schema}.make_partition(at timestamptz) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
as $function$
declare
  first timestamptz := date_trunc('month', at);
  partition text := 'event_' || to_char(first, 'YYYY_MM');
  known regclass;
begin
  perform pg_advisory_xact_lock(hashtextextended('evt.make_partition ' || $name$${schema}$name$, 0));
  known := to_regclass($name$${schema}$name$ || '.' || quote_ident(partition));
  if exists (select from pg_inherits where inhrelid = known and inhparent = $name$${schema}.event$name$::regclass) then
    return;
  elsif known is not null then
    raise exception '% is no partition of event any more', known using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format($ddl$create table ${schema}.%I (like ${schema}.event including all)$ddl$, partition);
  execute format(
    $ddl$alter table ${schema}.event attach partition ${schema}.%I for values from (%L) to (%L)$ddl$,
    partition, first, first + interval '1 month');
end
$function$;
revoke execute on function ${schema}.make_partition from public;
`;
