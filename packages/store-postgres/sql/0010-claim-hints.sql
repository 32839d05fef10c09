
-- None has a default, so no row is rewritten. null also stands for claims of earlier versions.
alter table "evt".claim
  add column raw_hash bigint,    -- of the raw event; null: unknown, or the event has its own key
  add column rules    smallint,  -- the version of the identity rules; null: 1
  add column twins    smallint;  -- equal events of the batch that an ordinal tells apart; null: 1;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (10, 'claim hints', '9ca2a95a79eb528124073c572d5afb27d093f496a8c56e143dcab61da9c08a31', 1);
