import { readFileSync } from "node:fs";
import { createEvt, type Evt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import type pg from "pg";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { type Fixture, fixture, testPool } from "./fixture.js";

const document = readFileSync(new URL("../../../docs/deploying.md", import.meta.url), "utf8");
const [, section = ""] = /\n## Row-level security\n([\s\S]*?)\n## /.exec(document) ?? [];
const statements = [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = ""]) => sql);

const TABLES = [
  "claim",
  "event",
  "tally",
  "day_total",
  "month_total",
  "sealed_month",
  "combination_total",
  "combination_gap",
  "parked",
  "replay",
  "seen_name",
  "pruned",
];

let made: Fixture;

beforeEach(async () => {
  made = await fixture();
  const { admin, schema } = made;
  const roles = ["app", "acme_reports", "evt_reader"].map(named);
  onTestFinished(async () => {
    await admin.query(`drop schema if exists ${named("evt_access")} cascade`);
    for (const role of roles) await admin.query(`drop owned by ${role}; drop role ${role}`);
  });
  await admin.query(`create role ${named("app")} login password 'secret'`);
  await admin.query(
    grantsOfReadme()
      .replaceAll("evt", schema)
      .replaceAll("to app;", `to ${named("app")};`),
  );
  for (const sql of statements)
    await admin.query(sql.replace(/\b(?:evt_access|evt_reader|acme_reports|evt|app)\b/g, named));
});

/** The name of an object in this test's schema, because roles belong to all databases of the server. */
function named(name: string): string {
  return name === "evt" ? made.schema : `${made.schema}_${name}`;
}

function grantsOfReadme(): string {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  return /```sql\n(grant [^`]*)```/.exec(readme)?.[1] ?? "";
}

function poolOf(role: string): pg.Pool {
  const url = new URL(postgresUrl());
  url.username = named(role);
  url.password = "secret";
  return testPool({ connectionString: url.href });
}

function evtOf(role: string): Evt {
  return createEvt({ store: new PostgresStore({ pool: poolOf(role), schema: made.schema }) });
}

const events = [
  { client: "a", amount: "1", eventId: "one" },
  { client: "a", amount: "2", eventId: "two" },
  { client: "a", eventId: "three" },
];

describe("row-level security as docs/deploying.md describes it", () => {
  it("does not change the work of the application's role", async () => {
    const evt = evtOf("app");
    for (const tenant of ["acme", "other"]) {
      const report = await evt.tenant(tenant).ingestMany([...events, events[0]]);
      expect(report).toMatchObject({ processed: 2, duplicates: 1, rejected: 1 });
      expect((await evt.tenant(tenant).list()).entries).toHaveLength(3);
      expect((await evt.tenant(tenant).aggregate()).rows).toMatchObject([{ count: 2, sum: "3" }]);
    }
  });

  it("lets a tenant's role read what the application reads of this tenant, and nothing of others", async () => {
    const app = evtOf("app");
    for (const tenant of ["acme", "other"]) await app.tenant(tenant).ingestMany(events);
    await app.tenant("acme").replayPage({ all: true });
    const read = async (evt: Evt, tenantId: string) => {
      const tenant = evt.tenant(tenantId);
      const { entries } = await tenant.list();
      const ids = entries.map(({ id }) => id);
      return {
        entries,
        each: await Promise.all(ids.map((id) => tenant.get(id))),
        histories: await Promise.all(ids.map((id) => tenant.history(id))),
        reasons: await tenant.reasons(),
        totals: (await tenant.aggregate({ groupBy: ["clientId", "metric"] })).rows,
        edges: (await tenant.aggregate({ from: "2000-01-01T00:00:00.001Z", groupBy: ["clientId"] })).rows,
        clients: (await tenant.clients()).clients,
        metrics: (await tenant.metrics()).metrics,
      };
    };
    const reports = evtOf("acme_reports");
    const own = await read(reports, "acme");
    expect(own).toEqual(await read(app, "acme"));
    expect(own.entries).toHaveLength(3);
    expect(own.histories.flat()).toHaveLength(1);
    const others = await read(reports, "other");
    expect(Object.values(others).flat()).toEqual([]);
    const [{ id = "" } = {}] = (await app.tenant("other").list()).entries;
    expect(await reports.tenant("other").get(id)).toBeNull();
  });

  it("holds for statements of the role's own, which can also not write", async () => {
    await evtOf("app").tenant("other").ingestMany(events);
    const reports = poolOf("acme_reports");
    const { schema } = made;
    for (const table of TABLES)
      expect(
        (await reports.query(`select from ${schema}.${table} where true or tenant_id = 'other'`)).rows,
      ).toEqual([]);
    await expect(
      reports.query(`insert into ${named("evt_access")}.tenant_of_role values (current_user, 'other')`),
    ).rejects.toThrow("permission denied");
    await expect(reports.query(`set role ${named("app")}`)).rejects.toThrow("permission denied");
    await expect(reports.query(`delete from ${schema}.event`)).rejects.toThrow("permission denied");
    await expect(reports.query(`select from ${schema}.outbox`)).rejects.toThrow("permission denied");
    const { rows } = await made.admin.query(
      "select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass limit 1",
      [`${schema}.event`],
    );
    await expect(reports.query(`select from ${rows[0].name}`)).rejects.toThrow("permission denied");
  });

  it("cannot apply to the application's role, because evt could not insert", async () => {
    await made.admin.query(`alter role ${named("app")} nobypassrls`);
    await expect(evtOf("app").tenant("acme").ingestMany(events)).rejects.toMatchObject({
      cause: { message: "COPY FROM not supported with row-level security" },
    });
  });

  it("covers every table that has tenants", async () => {
    const { rows } = await made.admin.query(
      `select relname from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id'
        where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition and not relrowsecurity`,
      [made.schema],
    );
    expect(rows).toEqual([]);
  });
});
