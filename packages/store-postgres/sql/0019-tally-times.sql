
-- no row is rewritten: existing tallies get the time of this step
alter table "evt".tally add column inserted_at timestamptz not null default now();
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (19, 'tally times', '57b1e1561a522e98aff75357397cd36df618dd6aff4fb2b8c9ebaa50a6eee8e4', 1);
