create index if not exists parked_settled on "evt".parked (tenant_id, identity)
  where status <> 'failed' and identity is not null;
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (6, 'settled failures', '812c744a1c543fb8c2f49a373b152527be3e1288132070aa12cb0e28d18c1428', 1);
