
-- Neither has a default, so no row is rewritten.
alter table "evt".parked
  add column vouched_client_id text collate "C",  -- the client that the caller was bound to; null: to none
  add column given_key json;                      -- {"key": …}, or {"batchKey": …} for an event of a batch;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (5, 'vouched', '5307811691f3e867bc5bd2cf5f253da1c9ec6f8cd45708886cd889cec26a2e3d', 1);
