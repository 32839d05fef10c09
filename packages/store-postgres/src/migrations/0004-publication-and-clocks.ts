/**
 * Makes a publication for all tables work, notes events that arrive in a past month, and limits the partitions that
 * wrong clocks create.
 */
export const publicationAndClocks = (schema: string) => `
-- Rows of these are deleted and have no key. With a publication for all tables, Postgres refuses that without an identity.
alter table ${schema}.tally replica identity full;
alter table ${schema}.outbox replica identity full;

-- That an event was stored in a partition whose month was over by this server's clock, and when: at most one row an hour
-- and concurrent insert. Such an event comes from a host whose clock is wrong, so its received_at does not say how old it is.
create table ${schema}.late_arrival (
  id        bigint generated always as identity primary key,
  partition text not null,
  at        timestamptz not null
);

create function ${schema}.note_late_arrival() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $function$
begin
  insert into ${schema}.late_arrival (partition, at)
  select tg_table_name, clock_timestamp()
   where not exists (select from ${schema}.late_arrival
                      where partition = tg_table_name and at > clock_timestamp() - interval '1 hour');
  return null;
end
$function$;
revoke execute on function ${schema}.note_late_arrival from public;

-- Has late arrivals noted in every partition whose month ended more than a day ago. Only these have the trigger: an insert
-- into the current month pays nothing. A partition that is locked is left to the next call.
create function ${schema}.watch_past_months() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
  set lock_timeout = '1s'
as $function$
declare
  past regclass;
begin
  for past in
    select inhrelid from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = $name$${schema}.event$name$::regclass
       and substring(pg_get_expr(relpartbound, inhrelid) from $bound$ TO \\('([^']+)'\\)$bound$)::timestamptz < now() - interval '1 day'
       and not exists (select from pg_trigger where tgrelid = inhrelid and tgname = 'evt_late_arrival')
  loop
    begin
      execute format(
        'create trigger evt_late_arrival after insert on %s for each row execute function ${schema}.note_late_arrival()', past);
    exception when lock_not_available or deadlock_detected then
      null;
    end;
  end loop;
end
$function$;
revoke execute on function ${schema}.watch_past_months from public;

-- As before, and: a month's partition is known by its bounds, so that a detached table of the same name is in nobody's
-- way. Months further than ten years from this server's clock, which only a wrong clock asks for, have a hundred partitions
-- at most. 53400 is tried again: the event is good.
create or replace function ${schema}.make_partition(at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set datestyle = 'ISO'
as $function$
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
  perform pg_advisory_xact_lock(hashtextextended('evt.make_partition ' || $name$${schema}$name$, 0));
  perform ${schema}.watch_past_months();
  if exists (select from pg_inherits join pg_class on pg_class.oid = inhrelid
              where inhparent = $name$${schema}.event$name$::regclass and pg_get_expr(relpartbound, inhrelid) = bounds) then
    return false;
  end if;
  if first not between now() - interval '10 years' and now() + interval '10 years'
     and most_far <= (
       select count(*) from pg_inherits join pg_class on pg_class.oid = inhrelid
        where inhparent = $name$${schema}.event$name$::regclass
          and substring(pg_get_expr(relpartbound, inhrelid) from $bound$FROM \\('([^']+)'\\)$bound$)::timestamptz
              not between now() - interval '10 years' and now() + interval '10 years') then
    raise exception 'there is no partition of event for %: % partitions are more than ten years from today already', first, most_far
      using errcode = 'configuration_limit_exceeded', hint = 'Check the clocks of the hosts; retain removes partitions.';
  end if;
  base := 'event_' || to_char(first, 'YYYY_MM');
  partition := base;
  for n in 2 .. 1000 loop
    exit when to_regclass(format('${schema}.%I', partition)) is null;
    partition := base || '_' || n;
  end loop;
  execute format($ddl$create table ${schema}.%I (like ${schema}.event including all)$ddl$, partition);
  -- A new filter index has summarized its first pages already, empty as they are: each of the first thousands of events
  -- would rewrite that filter. Without, they are read as they are until the pages are full.
  perform brin_desummarize_range(index.oid, 0)
     from pg_index join pg_class as index on index.oid = indexrelid join pg_am on pg_am.oid = index.relam
    where indrelid = format('${schema}.%I', partition)::regclass and amname = 'brin';
  execute format($ddl$alter table ${schema}.event attach partition ${schema}.%I for values from (%L) to (%L)$ddl$,
    partition, first, first + interval '1 month');
  perform ${schema}.watch_past_months();
  return true;
end
$function$;
revoke execute on function ${schema}.make_partition from public;
`;
