
-- None has a default, so no row is rewritten. null: the event has none.
alter table "evt".event add column unit text collate "C", add column dimensions json;
alter table "evt".parked add column unit text collate "C", add column dimensions json;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (16, 'units and dimensions', '1a66c993fd1c781e21ef8c59b547595c0597910c25e61ad070b7a5904db5fa06', 1);
