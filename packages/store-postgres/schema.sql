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

create table evt.combination (
  id integer not null generated always as identity,
  by_client boolean not null,
  by_metric boolean not null,
  dimensions text[] collate "C" not null,
  is_kept boolean not null default false,
  wanted_at timestamp with time zone not null default now()
);

create table evt.combination_gap (
  combination integer not null,
  tenant_id text collate "C" not null,
  quarters tstzmultirange not null
);

create table evt.combination_total (
  day date not null,
  quarter smallint,
  combination integer not null,
  tenant_id text collate "C" not null,
  client_id text collate "C" not null,
  metric text collate "C" not null,
  unit text collate "C" not null,
  dimension_values text[] collate "C" not null,
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
  inserted_at timestamp with time zone not null default now(),
  dimension_names text[],
  dimensions text[]
);

alter table evt.outbox replica identity full;

alter table evt.tally alter column client_ids set storage external;

alter table evt.tally alter column counts set storage external;

alter table evt.tally alter column dimensions set storage external;

alter table evt.tally alter column maxs set storage external;

alter table evt.tally alter column metrics set storage external;

alter table evt.tally alter column mins set storage external;

alter table evt.tally alter column quarters set storage external;

alter table evt.tally alter column sums set storage external;

alter table evt.tally alter column units set storage external;

alter table evt.tally replica identity full;

alter table evt.claim add constraint claim_pkey PRIMARY KEY (tenant_id, place, identity);

alter table evt.combination add constraint combination_by_client_by_metric_dimensions_key UNIQUE (by_client, by_metric, dimensions);

alter table evt.combination add constraint combination_pkey PRIMARY KEY (id);

alter table evt.combination_gap add constraint combination_gap_pkey PRIMARY KEY (combination, tenant_id);

alter table evt.combination_total add constraint combination_total_pkey PRIMARY KEY (combination, tenant_id, day, client_id, metric, unit, dimension_values);

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

CREATE UNIQUE INDEX combination_by_client_by_metric_dimensions_key ON evt.combination USING btree (by_client, by_metric, dimensions);

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

CREATE OR REPLACE FUNCTION evt.fold_combinations()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  long tid[];
begin
  if not exists (select from "evt".combination where is_kept) then
    return null;
  end if;

  insert into "evt".combination_gap as gap (combination, tenant_id, quarters)
  select combination.id, tally.tenant_id, range_agg(tstzrange(quarter, quarter + interval '15 minutes'))
    from folded as tally cross join "evt".combination cross join unnest(tally.quarters) as quarter
   where combination.is_kept and not coalesce(tally.dimension_names @> combination.dimensions, false)
   group by 1, 2 order by 1, 2
  on conflict (combination, tenant_id) do update set quarters = gap.quarters + excluded.quarters;

  with cell as (
    select combination.id as combination, tally.tenant_id, (cell.at at time zone 'UTC')::date as day,
           ((floor(date_part('epoch', cell.at) / 900)::int8 % 96 + 96) % 96)::int2 as quarter,
           case when combination.by_client then cell.client_id else '' end collate "C" as client_id,
           case when combination.by_metric then cell.metric else '' end collate "C" as metric,
           coalesce(cell.unit, '') collate "C" as unit,
           array(select cell.dimensions::json ->> (array_position(tally.dimension_names, name) - 1)
                   from unnest(combination.dimensions) with ordinality as wanted (name, place) order by place) collate "C" as dimension_values,
           cell.count, cell.sum, cell.min, cell.max
      from folded as tally
     cross join unnest(tally.client_ids, tally.metrics, tally.quarters, tally.counts, tally.sums, tally.mins, tally.maxs,
                       tally.units, tally.dimensions)
             as cell (client_id, metric, at, count, sum, min, max, unit, dimensions)
      join "evt".combination on combination.is_kept and tally.dimension_names @> combination.dimensions
      left join "evt".combination_gap as gap on gap.combination = combination.id and gap.tenant_id = tally.tenant_id
     where not coalesce(gap.quarters @> cell.at, false)
  ),
  grouped as (
    select combination, tenant_id, day, client_id, metric, unit, dimension_values, quarter,
           sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max
      from cell group by 1, 2, 3, 4, 5, 6, 7, 8
  ),
  gathered as (
    select combination, tenant_id, day, client_id, metric, unit, dimension_values, count(*) as cells, min(quarter) as quarter,
           sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max,
           array_agg(quarter) as quarters, array_agg(count) as counts, array_agg(sum) as sums, array_agg(min) as mins, array_agg(max) as maxs
      from grouped group by 1, 2, 3, 4, 5, 6, 7
  ),
  stored as (
    insert into "evt".combination_total as total
      (combination, tenant_id, day, client_id, metric, unit, dimension_values, quarter, count, sum, min, max, quarters, counts, sums, mins, maxs)
    select combination, tenant_id, day, client_id, metric, unit, dimension_values, case when cells = 1 then quarter end, count, sum,
           case when count > 1 then min end, case when count > 1 then max end,
           case when cells > 1 then quarters end, case when cells > 1 then counts end, case when cells > 1 then sums end,
           case when cells > 1 then mins end, case when cells > 1 then maxs end
      from gathered order by 1, 2, 3, 4, 5, 6, 7
    on conflict (combination, tenant_id, day, client_id, metric, unit, dimension_values) do update
       set count = total.count + excluded.count, sum = total.sum + excluded.sum,
           min = least(coalesce(total.min, total.sum), coalesce(excluded.min, excluded.sum)),
           max = greatest(coalesce(total.max, total.sum), coalesce(excluded.max, excluded.sum)),
           quarter = null,
           quarters = coalesce(total.quarters, array[total.quarter]) || coalesce(excluded.quarters, array[excluded.quarter]),
           counts = coalesce(total.counts, array[total.count]) || coalesce(excluded.counts, array[excluded.count]),
           sums = coalesce(total.sums, array[total.sum]) || coalesce(excluded.sums, array[excluded.sum]),
           mins = coalesce(total.mins, array[coalesce(total.min, total.sum)])
               || coalesce(excluded.mins, array[coalesce(excluded.min, excluded.sum)]),
           maxs = coalesce(total.maxs, array[coalesce(total.max, total.sum)])
               || coalesce(excluded.maxs, array[coalesce(excluded.max, excluded.sum)])
    returning ctid, cardinality(total.quarters) as cells
  )
  select array_agg(ctid) filter (where cells > 192) into long from stored;

  if long is not null then
    update "evt".combination_total as total
       set (quarter, quarters, counts, sums, mins, maxs) = (
         select case when count(*) = 1 then min(quarter) end,
                case when count(*) > 1 then array_agg(quarter) end, case when count(*) > 1 then array_agg(count) end,
                case when count(*) > 1 then array_agg(sum) end, case when count(*) > 1 then array_agg(min) end,
                case when count(*) > 1 then array_agg(max) end
           from (select quarter, sum(count)::int8 as count, sum(sum) as sum, min(min) as min, max(max) as max
                   from unnest(total.quarters, total.counts, total.sums, total.mins, total.maxs) as cell (quarter, count, sum, min, max)
                  group by quarter order by quarter) as merged)
     where ctid = any(long);
  end if;
  return null;
end
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
