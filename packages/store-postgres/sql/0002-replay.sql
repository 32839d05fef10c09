
-- The codes by which parked events are grouped and filtered.
alter table "evt".parked add column reasons text[] not null default '{}';

-- What became of a parked event each time it was replayed. Leaves with the parked event.
create table "evt".replay (
  tenant_id  text collate "C" not null,
  parked_id  bytea not null,
  replay_id  uuid not null,          -- the receipt id of the record, where there was one: a retry recognises its own
  at         timestamptz not null,
  outcome    text not null check (outcome in ('processed', 'duplicate', 'conflict', 'rejected')),
  event_id   bytea,                  -- what counts it, or holds its key
  reasons    text[] not null,
  primary key (tenant_id, parked_id, replay_id)
);

-- From an event back to what was parked.
create index replay_by_event on "evt".replay (tenant_id, event_id) where outcome in ('processed', 'duplicate');
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (2, 'replay', 'ced913b53a30aedca39171d64733c4ea1d2f7cada1ae9e427fbf5093f75424d4', 1);
