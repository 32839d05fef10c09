
-- No default, so no row is rewritten. null: parked by an earlier version, or where claims lapse by the caller's clock.
alter table "evt".parked add column attempted_at timestamptz;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (8, 'attempt times', '49f7eaf45ac10199c36e08b41ec2a7ce93b800de56bdf2a1be740f4c3f00836c', 1);
