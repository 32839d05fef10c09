create schema if not exists "evt";
create table "evt".migration (
  version           integer primary key,
  name              text not null,
  checksum          text not null,
  applied_at        timestamptz not null default now(),
  oldest_compatible integer not null default 1  -- processes built for an older version must not run on this schema
);

-- Who holds an identity. Outlives the event, so that a resend of a pruned event is still known.
create table "evt".claim (
  received_at timestamptz not null,  -- of the event: finds its partition
  lapses_at   timestamptz,           -- null: never
  receipt_id  uuid not null,
  tenant_id   text collate "C" not null,
  place       bytea not null,        -- follows from what the identity is a hash of: keeps claims of one time together
  identity    bytea not null,
  event_id    bytea,                 -- null: the identity
  fingerprint bytea,                 -- null: the identity
  primary key (tenant_id, place, identity)
);

-- What was counted, by month of receipt. No unique index: the claim is what makes an event unique.
create table "evt".event (
  received_at     timestamptz not null,
  occurred_at     timestamptz not null,
  identified_by   "char" not null,   -- k key, c content, w window, r receipt
  tenant_id       text collate "C" not null,
  id              bytea not null,
  client_id       text collate "C" not null,
  metric          text collate "C" not null,
  amount          numeric not null,
  identity        bytea,             -- null: the id
  fingerprint     bytea,             -- null: the identity
  idempotency_key text,
  raw             json               -- json, not jsonb: kept as it was sent
) partition by range (received_at);

create index event_by_time on "evt".event (tenant_id, occurred_at);
create index event_by_receipt on "evt".event (tenant_id, received_at, id);
-- An id is a hash: a tree of them would send each insert to another page. A filter for every 128 pages of the table
-- costs an insert next to nothing; to look one id up, the filters are read through, some two bytes an event.
create index event_by_id on "evt".event using brin
  (substr(id, 1, 8) bytea_bloom_ops (n_distinct_per_range = 4000, false_positive_rate = 0.001))
  with (pages_per_range = 128, autosummarize = on);

-- What one insert added to the totals of a tenant, a member of each array for each (client, metric, quarter of an
-- hour): one row however many there are, and nothing that two inserts share. Short-lived: soon folded into rollup.
create table "evt".tally (
  tenant_id  text collate "C" not null,
  client_ids text[] not null,
  metrics    text[] not null,
  quarters   timestamptz[] not null,
  counts     bigint[] not null,
  sums       numeric[] not null,
  mins       numeric[] not null,
  maxs       numeric[] not null
);
alter table "evt".tally
  alter client_ids set storage external, alter metrics set storage external, alter quarters set storage external,
  alter counts set storage external, alter sums set storage external, alter mins set storage external,
  alter maxs set storage external;

-- The totals that are folded, in spans of several lengths side by side: quarters of an hour, the finest grid on which
-- every present civil time zone's day begins, and what they make up, three hours (of which the days of other zones
-- are mostly made), days and months of UTC. And each by client and metric, by one of them and by neither, so that who
-- asks for all clients need not add up a million.
create table "evt".rollup (
  tenant_id text collate "C" not null,
  per       "char" not null,          -- b both, c client_id, m metric, n neither; what it is not by is ''
  span      "char" not null,          -- q quarter of an hour, t three hours, d day, m month
  at        timestamptz not null,     -- when it begins
  client_id text collate "C" not null,
  metric    text collate "C" not null,
  count     bigint not null,
  sum       numeric not null,
  min       numeric not null,
  max       numeric not null,
  primary key (tenant_id, per, span, at, client_id, metric)
) with (fillfactor = 80);
create index rollup_by_client on "evt".rollup (tenant_id, client_id, per, span, at) where per in ('b', 'c');

-- The quarters of an hour of which events were pruned: their totals stay, and cannot be cut any more.
create table "evt".pruned (
  tenant_id text collate "C" primary key,
  quarters  tstzmultirange not null
);

-- What was not counted, with the reason.
create table "evt".parked (
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
  place           bytea,             -- of the claim that would count it
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
create index parked_by_receipt on "evt".parked (tenant_id, status, received_at, id) where resolved_at is null;
create index parked_open_failure on "evt".parked (tenant_id, identity) where status = 'failed' and resolved_at is null;

-- The events of one id of a tenant. A plan of its own: the planner takes a filter over hashes for useless, since they
-- do not stand in the table's order; and nothing but the filters may look attractive before they were asked.
create function "evt".events_of_id(of_tenant text, wanted bytea) returns setof "evt".event
language sql stable set enable_seqscan = off
as $function$
  select * from (select * from "evt".event where substr(id, 1, 8) = substr(wanted, 1, 8) offset 0) as event
   where id = wanted and tenant_id = of_tenant
$function$;

-- Makes the partition of the month of `at`, if it is not there, and says whether it did. Runs with the rights of its
-- owner, so that the application need not own tables, only be granted to execute it. Made first and attached then:
-- attaching does not block writers.
create function "evt".make_partition(at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
as $function$
declare
  first timestamptz := date_trunc('month', at);
  partition text := 'event_' || to_char(first, 'YYYY_MM');
  known regclass;
begin
  perform pg_advisory_xact_lock(hashtextextended('evt.make_partition ' || $name$"evt"$name$, 0));
  known := to_regclass($name$"evt"$name$ || '.' || quote_ident(partition));
  if exists (select from pg_inherits where inhrelid = known and inhparent = $name$"evt".event$name$::regclass) then
    return false;
  elsif known is not null then
    raise exception '% is no partition of event any more', known using errcode = 'object_not_in_prerequisite_state';
  end if;
  execute format($ddl$create table "evt".%I (like "evt".event including all)$ddl$, partition);
  -- A new filter index has summarized its first pages already, empty as they are: each of the first thousands of events
  -- would rewrite that filter. Without, they are read as they are until the pages are full.
  perform brin_desummarize_range(index.oid, 0)
     from pg_index join pg_class as index on index.oid = indexrelid join pg_am on pg_am.oid = index.relam
    where indrelid = format('%s.%I', $name$"evt"$name$, partition)::regclass and amname = 'brin';
  execute format(
    $ddl$alter table "evt".event attach partition "evt".%I for values from (%L) to (%L)$ddl$,
    partition, first, first + interval '1 month');
  return true;
end
$function$;
revoke execute on function "evt".make_partition from public;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (1, 'initial', '4f9301ae0ed46075441dacacb92a2e1f7f24aa83925fa2d2d87c351166c611f5', 1);
