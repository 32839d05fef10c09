import { maintain, migrate, recount } from "@evt/store-postgres";
import type pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn } from "../../src/migrations/index.js";
import { freshSchema, testPool } from "../fixture.js";

/** What a process of version 10 does to fold: it adds totals to `rollup`. Only the statement's form matters here. */
const foldBefore = (schema: string) => `
  with taken as (delete from ${schema}.tally returning *)
  insert into ${schema}.rollup as total (tenant_id, per, span, at, client_id, metric, count, sum, min, max)
  select tenant_id, per, span, at, 'c', case per when 'b' then 'm' when 'm' then 'm' else '' end, 1, 1, 1, 1
    from taken, unnest(quarters) as at, unnest('{b,m,n}'::"char"[]) as per, unnest('{q,d}'::"char"[]) as span
  on conflict (tenant_id, per, span, at, client_id, metric) do update set count = total.count + excluded.count`;

const tally = (schema: string) => `
  insert into ${schema}.tally (tenant_id, client_ids, metrics, quarters, counts, sums, mins, maxs)
  values ('acme', '{c,c,d}', '{m,n,m}', array['2026-02-01T00:00Z', '2026-02-01T23:45Z', '2026-03-05T10:00Z']::timestamptz[],
          '{2,1,1}', '{3,0.5,-1}', '{1,0.5,-1}', '{2,0.5,-1}')`;

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "done",
    (error: { code?: unknown }) => error.code,
  );
}

/** Returns the totals of a span and a grouping, as a process of version 10 reads them. */
async function totalsBefore(admin: pg.Pool, schema: string, per: string, span: string) {
  const { rows } = await admin.query(
    `select to_char(at at time zone 'UTC', 'MM-DD"T"HH24:MI') as at, client_id, metric, sum(count)::int as count, sum(sum)::text as sum, min(min)::text as min, max(max)::text as max
       from ${schema}.rollup where tenant_id = 'acme' and per = $1 and span = $2 and rollup.at >= '2026-01-01' group by 1, 2, 3 order by 1, 2, 3`,
    [per, span],
  );
  return rows.map(({ at, client_id, metric, count, sum, min, max }) => [
    at,
    client_id,
    metric,
    count,
    ...[sum, min, max].map(Number),
  ]);
}

it("a process of the version before reads exact totals, and its folds change nothing, during and after the upgrade", async () => {
  const admin = testPool();
  const schema = freshSchema();
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${schema} cascade`);
  });
  const migrateTo = (version: number) =>
    migrateBy(admin, { schema, monthsAhead: 0 }, (quoted) =>
      migrationsIn(quoted).filter((step) => step.version <= version),
    );
  await migrateTo(10);
  await admin.query(tally(schema));
  for (const [version, code] of [
    [11, "55P03"],
    [12, "55P03"],
    [13, "55000"],
  ] as const) {
    await migrateTo(version);
    expect(await codeOf(admin.query(foldBefore(schema)))).toBe(code);
    expect((await admin.query(`select count(*)::int as count from ${schema}.tally`)).rows).toEqual([
      { count: 1 },
    ]);
  }
  await migrate(admin, { schema, monthsAhead: 0 });
  expect(await maintain(admin, { schema, monthsAhead: 0 })).toMatchObject({ folded: 1 });

  const series = [
    ["02-01T00:00", "c", "m", 2, 3, 1, 2],
    ["02-01T23:45", "c", "n", 1, 0.5, 0.5, 0.5],
    ["03-05T10:00", "d", "m", 1, -1, -1, -1],
  ];
  expect(await totalsBefore(admin, schema, "b", "q")).toEqual(series);
  expect(await totalsBefore(admin, schema, "c", "d")).toEqual([
    ["02-01T00:00", "c", "", 3, 3.5, 0.5, 2],
    ["03-05T00:00", "d", "", 1, -1, -1, -1],
  ]);
  expect(await totalsBefore(admin, schema, "m", "t")).toEqual([
    ["02-01T00:00", "", "m", 2, 3, 1, 2],
    ["02-01T21:00", "", "n", 1, 0.5, 0.5, 0.5],
    ["03-05T09:00", "", "m", 1, -1, -1, -1],
  ]);
  expect(await totalsBefore(admin, schema, "n", "m")).toEqual([
    ["02-01T00:00", "", "", 3, 3.5, 0.5, 2],
    ["03-01T00:00", "", "", 1, -1, -1, -1],
  ]);
  const { differences } = await recount(admin, { schema, from: "2026-01-01", to: "2026-12-31" });
  expect(differences.every(({ counted }) => counted === null)).toBe(true);
});
