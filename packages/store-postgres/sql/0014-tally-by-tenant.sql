create index if not exists tally_by_tenant on "evt".tally (tenant_id);
insert into "evt".migration (version, name, checksum, oldest_compatible)
values (14, 'tally by tenant', '89e5ac68557eda2cadb4371351fa20cf96750e8422ced0c2e3479ceba554d5ab', 1);
