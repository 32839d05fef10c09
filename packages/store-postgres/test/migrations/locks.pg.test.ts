import { migrate } from "@evt/store-postgres";
import type pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn, type Step } from "../../src/migrations/index.js";
import { freshSchema, testPool } from "../fixture.js";
import { until } from "../until.js";
import { watched } from "../watched-pool.js";
import { underLoad } from "./old-traffic.js";

const VERSIONS = migrationsIn("evt").map(({ version }) => version);
const MONTHS = { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 1 };

async function schemaAtVersion1(admin = testPool()): Promise<{ admin: pg.Pool; schema: string }> {
  const schema = freshSchema();
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${schema} cascade`);
  });
  await migrateBy(admin, { schema, ...MONTHS }, (quoted) => migrationsIn(quoted).slice(0, 1));
  return { admin, schema };
}

/** A transaction that reads every table, as pg_dump does. */
async function reader(admin: pg.Pool, schema: string): Promise<{ end(): Promise<void> }> {
  const client = await admin.connect();
  await client.query("begin");
  await client.query("set local application_name = 'a long reader'");
  await client.query(`lock table ${schema}.parked, ${schema}.event, ${schema}.tally in access share mode`);
  let ended = false;
  const end = async () => {
    if (ended) return;
    ended = true;
    await client.query("commit");
    client.release();
  };
  onTestFinished(end);
  return { end };
}

describe("behind a reader that locks the tables", () => {
  it("migrate retries until the reader ends, and other sessions read and write between its attempts", async () => {
    const { admin, schema } = await schemaAtVersion1();
    const dumping = await reader(admin, schema);
    let attempts = 0;
    let parkedAtPause = 0;
    const load = await underLoad(schema, (progress) => {
      const { pool } = watched(testPool(), {
        afterQuery: ({ text }) => {
          if (text !== "rollback to savepoint attempt") return;
          attempts++;
          parkedAtPause = progress.parked;
        },
        // the load has four workers, so a fifth event was begun during the pause
        beforeQuery: async ({ text }) => {
          const isNext = attempts >= 4 && text.startsWith("savepoint attempt");
          if (isNext && progress.parked > parkedAtPause + 4) await dumping.end();
        },
      });
      return migrate(pool, { schema, ...MONTHS, lockTimeoutMs: 100 });
    });
    expect(attempts).toBeGreaterThanOrEqual(4);
    expect(load.failures).toEqual([]);
    expect(await load.stored(admin)).toEqual({
      claims: load.counted,
      events: load.counted,
      parked: load.parked,
    });
    expect(await migrate(admin, { schema, ...MONTHS })).toEqual([]);
  });

  it("migrate times out, and its error names the step and the lock holders", async () => {
    const { admin, schema } = await schemaAtVersion1();
    const dumping = await reader(admin, schema);
    const giving = migrate(admin, { schema, ...MONTHS, lockTimeoutMs: 50, timeoutMs: 300 });
    await expect(giving).rejects.toThrow(
      /^migration 2 \(replay\) did not get a lock within \d+ ms; these sessions hold locks in the schema, the oldest first: pid \d+ \(a long reader, idle in transaction, query \d+ s old, transaction \d+ s old\) on .*parked \(AccessShareLock\)/,
    );
    await dumping.end();
    expect(await migrate(admin, { schema, ...MONTHS })).toEqual(VERSIONS.slice(1));
  });

  it("keeps the steps before the one that times out", async () => {
    const { admin, schema } = await schemaAtVersion1();
    const dumping = await reader(admin, schema);
    const extra: Step = { version: 2, name: "extra", sql: `create table ${schema}.extra ()` };
    const blocked: Step = {
      version: 3,
      name: "blocked",
      sql: `alter table ${schema}.parked add column extra text`,
    };
    const steps = (quoted: string) => [...migrationsIn(quoted).slice(0, 1), extra, blocked];
    const options = { schema, ...MONTHS, lockTimeoutMs: 50, timeoutMs: 100 };
    await expect(migrateBy(admin, options, steps)).rejects.toThrow(
      "migration 3 (blocked) did not get a lock",
    );
    await dumping.end();
    expect(await migrateBy(admin, options, steps)).toEqual([3]);
  });
});

describe("while another process migrates", () => {
  it("times out with a clear message", async () => {
    const { admin, schema } = await schemaAtVersion1();
    const other = await admin.connect();
    await other.query("begin");
    await other.query("select pg_advisory_xact_lock(hashtextextended('evt.migrate ' || $1::text, 0))", [
      schema,
    ]);
    await expect(migrate(admin, { schema, timeoutMs: 100 })).rejects.toThrow(
      `schema ${schema} could not be locked within 100 ms, because another process is migrating it`,
    );
    await other.query("commit");
    other.release();
  });
});

it.each([
  ["lockTimeoutMs", 0],
  ["lockTimeoutMs", 1.5],
  ["timeoutMs", Number.POSITIVE_INFINITY],
  ["timeoutMs", 3_000_000_000],
])("refuses %s: %s", async (name, value) => {
  await expect(migrate(testPool(), { [name]: value })).rejects.toThrow(
    `${name} is ${value}; it must be a whole number of milliseconds from 1 to 2147483647`,
  );
});

describe("a migration that is killed", () => {
  /** One step in a transaction, and one in slices. */
  const steps = (quoted: string) =>
    migrationsIn(quoted).filter(({ name }) => ["initial", "replay", "fill reasons"].includes(name));

  it("after any statement is completed by the next run", async () => {
    const admin = testPool();
    for (let target = 1, killed = true; killed; target += depth(4, 1)) {
      const { schema } = await schemaAtVersion1(admin);
      await parkMany(admin, schema, 800);
      let asked = 0;
      const killable = testPool();
      const { pool } = watched(killable, {
        afterQuery: async (_, client) => {
          if (++asked !== target) return;
          const ended = new Promise((resolve) => client.once("end", resolve));
          await admin.query("select pg_terminate_backend($1::int)", [client.processID]);
          await ended;
        },
      });
      await migrateBy(pool, { schema, ...MONTHS }, steps).catch(() => undefined);
      killed = asked >= target;
      await killable.end();
      await migrateBy(admin, { schema, ...MONTHS }, steps);
      const { rows } = await admin.query(
        `select (select array_agg(version order by version) from ${schema}.migration) as versions,
                (select count(*)::int from ${schema}.parked where reasons = '{amount_missing}') as filled`,
      );
      expect(rows, `killed after statement ${target}`).toEqual([
        { versions: steps("evt").map(({ version }) => version), filled: 800 },
      ]);
      await admin.query(`drop schema ${schema} cascade`);
    }
  }, 180_000);
});

/** Parks events for several slices, as version 1 wrote them. */
async function parkMany(admin: pg.Pool, schema: string, events = 3_000): Promise<void> {
  await admin.query(
    `insert into ${schema}.parked (tenant_id, id, status, received_at, raw, issues, attempts, last_attempt_at)
     select 'acme', sha256(n::text::bytea), 'rejected', now(), repeat('x', 1000),
            '[{"code":"amount_missing","path":"","message":""}]', 1, now()
       from generate_series(1, ${events}) as n`,
  );
}

describe("a step in slices", () => {
  it("commits after every slice, and locks rows no longer than one slice", async () => {
    const { admin, schema } = await schemaAtVersion1();
    await parkMany(admin, schema);
    const asked: string[] = [];
    const { pool } = watched(testPool(), { afterQuery: ({ text }) => void asked.push(text) });
    await migrate(pool, { schema, ...MONTHS });
    const slices = asked.filter((text) => text.includes("ctid >= $1")).length;
    expect(slices).toBeGreaterThan(4);
    expect(asked.filter((text) => text === "commit").length).toBeGreaterThan(slices);
  });

  it("waits for a locked row while other sessions park, then continues", async () => {
    const { admin, schema } = await schemaAtVersion1();
    await parkMany(admin, schema);
    const upTo = (name: string) => (quoted: string) => {
      const steps = migrationsIn(quoted);
      return steps.slice(0, steps.findIndex((step) => step.name === name) + 1);
    };
    await migrateBy(admin, { schema, ...MONTHS }, upTo("settled failures"));
    const holder = await admin.connect();
    await holder.query("begin");
    await holder.query(`select from ${schema}.parked limit 1 for update`);
    const pool = testPool({ application_name: schema });
    const options = { schema, ...MONTHS, lockTimeoutMs: 60_000 };
    const migrating = migrateBy(pool, options, upTo("fill reasons"));
    await until(
      admin,
      "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
      [schema],
    );
    await holder.query("commit");
    holder.release();
    expect(await migrating).toEqual([7]);
  });
});

describe("a step that builds an index", () => {
  const stepsWith =
    (sql: (quoted: string) => string) =>
    (quoted: string): readonly Step[] => [
      ...migrationsIn(quoted).slice(0, 1),
      {
        version: 2,
        name: "index",
        kind: "index",
        index: "parked_by_attempt",
        table: "parked",
        sql: sql(quoted),
      },
    ];
  const sound = stepsWith(
    (quoted) => `create index concurrently parked_by_attempt on ${quoted}.parked (last_attempt_at)`,
  );
  // fails after scanning the table, and leaves an invalid index behind
  const broken = stepsWith(
    (quoted) => `create unique index concurrently parked_by_attempt on ${quoted}.parked (tenant_id)`,
  );
  const valid = "select indisvalid from pg_index where indexrelid = to_regclass($1)";

  it("builds it while other sessions write", async () => {
    const { admin, schema } = await schemaAtVersion1();
    await parkMany(admin, schema);
    const load = await underLoad(schema, () => migrateBy(admin, { schema, ...MONTHS }, sound));
    expect(load.failures).toEqual([]);
    expect((await admin.query(valid, [`${schema}.parked_by_attempt`])).rows).toEqual([{ indisvalid: true }]);
  });

  it("drops the invalid index of an interrupted build and builds it again", async () => {
    const { admin, schema } = await schemaAtVersion1();
    await parkMany(admin, schema);
    await expect(migrateBy(admin, { schema, ...MONTHS }, broken)).rejects.toThrow(
      "could not create unique index",
    );
    expect((await admin.query(valid, [`${schema}.parked_by_attempt`])).rows).toEqual([{ indisvalid: false }]);
    expect(await migrateBy(admin, { schema, ...MONTHS }, sound)).toEqual([2]);
    expect((await admin.query(valid, [`${schema}.parked_by_attempt`])).rows).toEqual([{ indisvalid: true }]);
  });

  it("is recorded and not built again if a run ended after building and before recording", async () => {
    const { admin, schema } = await schemaAtVersion1();
    expect(await migrateBy(admin, { schema, ...MONTHS }, sound)).toEqual([2]);
    await admin.query(`delete from ${schema}.migration where version = 2`);
    expect(await migrateBy(admin, { schema, ...MONTHS }, sound)).toEqual([2]);
  });

  it("builds it once if several processes migrate at the same time", async () => {
    const { admin, schema } = await schemaAtVersion1();
    await parkMany(admin, schema);
    const pools = Array.from({ length: 4 }, () => testPool({ max: 2 }));
    const applied = await Promise.all(pools.map((pool) => migrateBy(pool, { schema, ...MONTHS }, sound)));
    expect(applied.flat()).toEqual([2]);
  });
});
