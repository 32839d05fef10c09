-- The schema after all migrations, as Postgres describes it. Written by a test: vitest -u schema-dump.
-- To create it, run migrate() or the files in sql/.

create table evt.claim (
  received_at timestamp with time zone not null,
  lapses_at timestamp with time zone,
  receipt_id uuid not null,
  tenant_id text collate "C" not null,
  place bytea not null,
  identity bytea not null,
  event_id bytea,
  fingerprint bytea,
  raw_hash bigint,
  rules smallint,
  twins smallint
);

create table evt.day_total (
  day date not null,
  quarter smallint,
  per "char" not null,
  tenant_id text collate "C" not null,
  client_id text collate "C" not null,
  metric text collate "C" not null,
  unit text collate "C" not null default ''::text,
  dimensions text collate "C" not null default ''::text,
  count bigint not null,
  sum numeric not null,
  min numeric,
  max numeric,
  quarters smallint[],
  counts bigint[],
  sums numeric[],
  mins numeric[],
  maxs numeric[]
) with (fillfactor=90);

create table evt.event (
  received_at timestamp with time zone not null,
  occurred_at timestamp with time zone not null,
  identified_by "char" not null,
  tenant_id text collate "C" not null,
  id bytea not null,
  client_id text collate "C" not null,
  metric text collate "C" not null,
  amount numeric not null,
  identity bytea,
  fingerprint bytea,
  idempotency_key text,
  raw json,
  unit text collate "C",
  dimensions json
) partition by RANGE (received_at);

create table evt.late_arrival (
  id bigint not null generated always as identity,
  partition text not null,
  at timestamp with time zone not null
);

create table evt.migration (
  version integer not null,
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  oldest_compatible integer not null default 1
);

create table evt.month_total (
  month date not null,
  tenant_id text collate "C" not null,
  client_id text collate "C" not null,
  unit text collate "C" not null default ''::text,
  dimensions text collate "C" not null default ''::text,
  count bigint not null,
  sum numeric not null,
  min numeric not null,
  max numeric not null
) with (fillfactor=90);

create table evt.outbox (
  id bigint not null generated always as identity,
  event text not null
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=5000, vacuum_truncate=false);

create table evt.parked (
  tenant_id text collate "C" not null,
  id bytea not null,
  status text not null,
  received_at timestamp with time zone not null,
  occurred_at timestamp with time zone,
  client_id text collate "C",
  metric text collate "C",
  amount numeric,
  idempotency_key text,
  identified_by "char",
  place bytea,
  identity bytea,
  fingerprint bytea,
  raw text,
  issues json not null,
  error json,
  conflicts_with bytea,
  attempts integer not null,
  last_attempt_at timestamp with time zone not null,
  resolved_at timestamp with time zone,
  reasons text[] not null default '{}'::text[],
  vouched_client_id text collate "C",
  given_key json,
  attempted_at timestamp with time zone,
  unit text collate "C",
  dimensions json
);

create table evt.pruned (
  tenant_id text collate "C" not null,
  quarters tstzmultirange not null
);

create table evt.replay (
  tenant_id text collate "C" not null,
  parked_id bytea not null,
  replay_id uuid not null,
  at timestamp with time zone not null,
  outcome text not null,
  event_id bytea,
  reasons text[] not null
);

create table evt.sealed_month (
  tenant_id text collate "C" not null,
  month date not null,
  built_to text collate "C"
);

create table evt.seen_name (
  tenant_id text collate "C" not null,
  per "char" not null,
  name text collate "C" not null
);

create table evt.tally (
  tenant_id text collate "C" not null,
  client_ids text[] not null,
  metrics text[] not null,
  quarters timestamp with time zone[] not null,
  counts bigint[] not null,
  sums numeric[] not null,
  mins numeric[] not null,
  maxs numeric[] not null,
  units text[],
  inserted_at timestamp with time zone not null default now()
);

alter table evt.outbox replica identity full;

alter table evt.tally alter column client_ids set storage external;

alter table evt.tally alter column counts set storage external;

alter table evt.tally alter column maxs set storage external;

alter table evt.tally alter column metrics set storage external;

alter table evt.tally alter column mins set storage external;

alter table evt.tally alter column quarters set storage external;

alter table evt.tally alter column sums set storage external;

alter table evt.tally alter column units set storage external;

alter table evt.tally replica identity full;

alter table evt.claim add constraint claim_pkey PRIMARY KEY (tenant_id, place, identity);

alter table evt.day_total add constraint day_total_pkey PRIMARY KEY (tenant_id, per, day, client_id, metric, unit, dimensions);

alter table evt.late_arrival add constraint late_arrival_pkey PRIMARY KEY (id);

alter table evt.migration add constraint migration_pkey PRIMARY KEY (version);

alter table evt.month_total add constraint month_total_pkey PRIMARY KEY (tenant_id, month, client_id, unit, dimensions);

alter table evt.parked add constraint parked_pkey PRIMARY KEY (tenant_id, id);

alter table evt.parked add constraint parked_status_check CHECK ((status = ANY (ARRAY['rejected'::text, 'conflict'::text, 'failed'::text])));

alter table evt.pruned add constraint pruned_pkey PRIMARY KEY (tenant_id);

alter table evt.replay add constraint replay_outcome_check CHECK ((outcome = ANY (ARRAY['processed'::text, 'duplicate'::text, 'conflict'::text, 'rejected'::text])));

alter table evt.replay add constraint replay_pkey PRIMARY KEY (tenant_id, parked_id, replay_id);

alter table evt.sealed_month add constraint sealed_month_pkey PRIMARY KEY (tenant_id, month);

alter table evt.seen_name add constraint seen_name_pkey PRIMARY KEY (tenant_id, per, name);

CREATE INDEX event_by_id ON ONLY evt.event USING brin (substr(id, 1, 8) bytea_bloom_ops (n_distinct_per_range='4000', false_positive_rate='0.001')) WITH (pages_per_range='128', autosummarize='on');

CREATE INDEX event_by_receipt ON ONLY evt.event USING btree (tenant_id, received_at, id);

CREATE INDEX event_by_time ON ONLY evt.event USING btree (tenant_id, occurred_at);

CREATE INDEX outbox_by_id ON evt.outbox USING btree (id);

CREATE INDEX parked_by_receipt ON evt.parked USING btree (tenant_id, status, received_at, id) WHERE (resolved_at IS NULL);

CREATE INDEX parked_failure_text ON evt.parked USING btree (hashtextextended(raw, hashtextextended((given_key)::text, hashtextextended(COALESCE(vouched_client_id, ''::text), hashtextextended(tenant_id, (0)::bigint))))) WHERE ((status = 'failed'::text) AND (COALESCE(resolved_at, 'infinity'::timestamp with time zone) = 'infinity'::timestamp with time zone) AND (raw IS NOT NULL) AND (given_key IS NOT NULL));

CREATE INDEX parked_open_failure ON evt.parked USING btree (tenant_id, identity) WHERE ((status = 'failed'::text) AND (resolved_at IS NULL));

CREATE INDEX parked_settled ON evt.parked USING btree (tenant_id, identity) WHERE ((status <> 'failed'::text) AND (identity IS NOT NULL));

CREATE INDEX replay_by_event ON evt.replay USING btree (tenant_id, event_id) WHERE (outcome = ANY (ARRAY['processed'::text, 'duplicate'::text]));

CREATE INDEX tally_by_tenant ON evt.tally USING btree (tenant_id);

create view evt.rollup as
 SELECT total.tenant_id,
    was.per,
    part.span,
    part.at,
    total.client_id,
        CASE was.per
            WHEN 'c'::"char" THEN ''::text
            ELSE total.metric
        END AS metric,
    (sum(cell.count))::bigint AS count,
    sum(cell.sum) AS sum,
    min(cell.min) AS min,
    max(cell.max) AS max
   FROM ((((evt.day_total total
     CROSS JOIN LATERAL UNNEST(COALESCE(total.quarters, ARRAY[total.quarter]), COALESCE(total.counts, ARRAY[total.count]), COALESCE(total.sums, ARRAY[total.sum]), COALESCE(total.mins, ARRAY[COALESCE(total.min, total.sum)]), COALESCE(total.maxs, ARRAY[COALESCE(total.max, total.sum)])) cell(quarter, count, sum, min, max))
     CROSS JOIN LATERAL ( SELECT (((total.day)::timestamp without time zone AT TIME ZONE 'UTC'::text) + ((cell.quarter)::double precision * '00:15:00'::interval)) AS at) quarter)
     CROSS JOIN LATERAL ( VALUES ('q'::"char",quarter.at), ('t'::"char",date_bin('03:00:00'::interval, quarter.at, '01/01/2000 05:45:00 +0545'::timestamp with time zone)), ('d'::"char",date_bin('1 day'::interval, quarter.at, '01/01/2000 05:45:00 +0545'::timestamp with time zone)), ('m'::"char",date_trunc('month'::text, quarter.at, 'UTC'::text))) part(span, at))
     JOIN ( VALUES ('s'::"char",'b'::"char"), ('s'::"char",'c'::"char"), ('m'::"char",'m'::"char"), ('a'::"char",'n'::"char")) was(by, per) ON ((was.by = total.per)))
  GROUP BY total.tenant_id, was.per, part.span, part.at, total.client_id,
        CASE was.per
            WHEN 'c'::"char" THEN ''::text
            ELSE total.metric
        END;

CREATE OR REPLACE FUNCTION evt.events_of_id(of_tenant text, wanted bytea)
 RETURNS SETOF evt.event
 LANGUAGE sql
 STABLE
 SET enable_seqscan TO 'off'
AS $function$
  select * from (select * from "evt".event where substr(id, 1, 8) = substr(wanted, 1, 8) offset 0) as event
   where id = wanted and tenant_id = of_tenant
$function$;

CREATE OR REPLACE FUNCTION evt.make_partition(at timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
AS $function$
declare
  most_far constant integer := 100;
  first timestamptz;
  bounds text;
  base text;
  partition text;
begin
  if (at >= '0001-01-01' and at < '10000-01-01') is not true then
    raise exception 'there is no partition of event for %: it must be in the years 1 to 9999', at
      using errcode = 'configuration_limit_exceeded', hint = 'Check the clock of the host.';
  end if;
  first := date_trunc('month', at);
  bounds := format('FOR VALUES FROM (%L) TO (%L)', first, first + interval '1 month');
  perform pg_advisory_xact_lock(hashtextextended('evt.make_partition ' || $name$"evt"$name$, 0));
  perform "evt".watch_past_months();
  if exists (select from pg_inherits join pg_class on pg_class.oid = inhrelid
              where inhparent = $name$"evt".event$name$::regclass and pg_get_expr(relpartbound, inhrelid) = bounds) then
    return false;
  end if;
  if first not between now() - interval '10 years' and now() + interval '10 years'
     and most_far <= (
       select count(*) from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = $name$"evt".event$name$::regclass
          and substring(pg_get_expr(relpartbound, inhrelid) from $bound$FROM \('([^']+)'\)$bound$)::timestamptz
              not between now() - interval '10 years' and now() + interval '10 years') then
    raise exception 'there is no partition of event for %: % partitions are more than ten years from today already', first, most_far
      using errcode = 'configuration_limit_exceeded', hint = 'Check the clocks of the hosts; retain removes partitions.';
  end if;
  base := 'event_' || to_char(first, 'YYYY_MM');
  partition := base;
  for n in 2 .. 1000 loop
    exit when to_regclass(format('"evt".%I', partition)) is null;
    partition := base || '_' || n;
  end loop;
  execute format($ddl$create table "evt".%I (like "evt".event including all)$ddl$, partition);
  -- A new filter index has summarized its first pages already, empty as they are: each of the first thousands of events
  -- would rewrite that filter. Without, they are read as they are until the pages are full.
  perform brin_desummarize_range(index.oid, 0)
     from pg_index join pg_class as index on index.oid = indexrelid join pg_am on pg_am.oid = index.relam
    where indrelid = format('"evt".%I', partition)::regclass and amname = 'brin';
  execute format($ddl$alter table "evt".event attach partition "evt".%I for values from (%L) to (%L)$ddl$,
    partition, first, first + interval '1 month');
  perform "evt".watch_past_months();
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION evt.note_late_arrival()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into "evt".late_arrival (partition, at)
  select tg_table_name, clock_timestamp()
   where not exists (select from "evt".late_arrival
                      where partition = tg_table_name and at > clock_timestamp() - interval '1 hour');
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION evt.note_names()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into "evt".seen_name (tenant_id, per, name)
  select distinct tenant_id, per, case per when 's' then client_id else metric end
    from added where per in ('s', 'm') order by 1, 2, 3
  on conflict do nothing;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION evt.watch_past_months()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO'
 SET lock_timeout TO '1s'
AS $function$
declare
  past regclass;
begin
  for past in
    select inhrelid from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = $name$"evt".event$name$::regclass
       and substring(pg_get_expr(relpartbound, inhrelid) from $bound$ TO \('([^']+)'\)$bound$)::timestamptz < now() - interval '1 day'
       and not exists (select from pg_trigger where tgrelid = inhrelid and tgname = 'evt_late_arrival')
  loop
    begin
      execute format(
        'create trigger evt_late_arrival after insert on %s for each row execute function "evt".note_late_arrival()', past);
    exception when lock_not_available or deadlock_detected then
      null;
    end;
  end loop;
end
$function$;
