/** Events that wait to be counted until their transactions have committed. */
export const outbox = (schema: string) => `
-- Written in the transactions of others, so nothing in it may make two of them wait for each other, or refuse a value:
-- no unique index, no foreign key, no json.
create table ${schema}.outbox (
  id    bigint generated always as identity,
  event text not null                -- JSON of a prepared event
);
create index outbox_by_id on ${schema}.outbox (id);

-- Each row is deleted soon after it came: the table is vacuumed by how many have gone, however many there are. Its end is
-- never cut off, which would take a lock that those who enqueue wait for; the space is used again.
alter table ${schema}.outbox set (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_truncate = false,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000, toast.vacuum_truncate = false);
`;
