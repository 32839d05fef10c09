
-- Written in the transactions of others, so nothing in it may make two of them wait for each other, or refuse a value:
-- no unique index, no foreign key, no json.
create table "evt".outbox (
  id    bigint generated always as identity,
  event text not null                -- JSON of a prepared event
);
create index outbox_by_id on "evt".outbox (id);

-- Each row is deleted soon after it came: the table is vacuumed by how many have gone, however many there are. Its end is
-- never cut off, which would take a lock that those who enqueue wait for; the space is used again.
alter table "evt".outbox set (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_truncate = false,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000, toast.vacuum_truncate = false);
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (3, 'outbox', '68a9430d4d3188976e1f45d76f51539c9774d6a942258df266208f6e70f8b613', 1);
