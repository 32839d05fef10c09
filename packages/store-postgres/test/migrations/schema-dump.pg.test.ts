import { fileURLToPath } from "node:url";
import { migrations } from "@evt/store-postgres";
import type pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { freshSchema, testPool } from "../fixture.js";

const FILE = fileURLToPath(new URL("../../schema.sql", import.meta.url));
const HEADER = `-- The schema after all migrations, as Postgres describes it. Written by a test: vitest -u schema-dump.
-- To create it, run migrate() or the files in sql/.
`;

async function column(pool: pg.Pool, sql: string, schema: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ sql: string }>(sql, [schema]);
  return rows.map((row) => row.sql);
}

const TABLES = `
select format(E'create table %s (\\n%s\\n)%s;', pg_class.oid::regclass, (
         select string_agg(format('  %I %s%s%s%s', attname, format_type(atttypid, atttypmod),
                  case when attcollation <> typcollation then ' collate ' || quote_ident(collname) end,
                  case when attnotnull then ' not null' end,
                  case when attidentity = 'a' then ' generated always as identity'
                       when pg_attrdef.oid is not null then ' default ' || pg_get_expr(adbin, adrelid) end), E',\\n' order by attnum)
           from pg_attribute
           join pg_type on pg_type.oid = atttypid
           left join pg_collation on pg_collation.oid = attcollation
           left join pg_attrdef on adrelid = attrelid and adnum = attnum
          where attrelid = pg_class.oid and attnum > 0 and not attisdropped),
       concat(case when relkind = 'p' then ' partition by ' || pg_get_partkeydef(pg_class.oid) end,
         case when reloptions is not null then ' with (' || array_to_string(reloptions, ', ') || ')' end)) as sql
  from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition
 order by relname collate "C"`;

const SETTINGS = `
select format('alter table %s %s;', pg_class.oid::regclass, setting) as sql
  from pg_class, lateral (
         select 'replica identity full' where relreplident = 'f'
         union all
         select format('alter column %I set storage external', attname) from pg_attribute
          where attrelid = pg_class.oid and attnum > 0 and attstorage = 'e'
       ) as settings (setting)
 where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition
 order by relname collate "C", setting collate "C"`;

const CONSTRAINTS = `
select format('alter table %s add constraint %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) as sql
  from pg_constraint where connamespace = $1::regnamespace and contype in ('p', 'u', 'c', 'f', 'x')
 order by conrelid::regclass::text collate "C", conname collate "C"`;

const INDEXES = `
select pg_get_indexdef(indexrelid) || ';' as sql
  from pg_index join pg_class on pg_class.oid = indexrelid
 where relnamespace = $1::regnamespace and not indisprimary and not relispartition
 order by relname collate "C"`;

const VIEWS = `
select format(E'create view %s as\\n%s', oid::regclass, pg_get_viewdef(oid)) as sql
  from pg_class where relnamespace = $1::regnamespace and relkind = 'v' order by relname collate "C"`;

const FUNCTIONS = `
select rtrim(pg_get_functiondef(oid), E'\\n') || ';' as sql
  from pg_proc where pronamespace = $1::regnamespace order by proname collate "C"`;

it("the schema equals schema.sql", async () => {
  const admin = testPool();
  const schema = freshSchema();
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${schema} cascade`);
  });
  for (const { sql } of migrations({ schema })) await admin.query(sql);
  const parts = await Promise.all(
    [TABLES, SETTINGS, CONSTRAINTS, INDEXES, VIEWS, FUNCTIONS].map((sql) => column(admin, sql, schema)),
  );
  const dump = parts.map((lines) => lines.join("\n\n")).join("\n\n");
  await expect(`${HEADER}\n${dump.replaceAll(schema, "evt")}\n`).toMatchFileSnapshot(FILE);
});
