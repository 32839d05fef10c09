import { readFileSync } from "node:fs";
import { createEvt, isEvtError } from "@evt/core";
import { createOutbox, maintain, migrate, PostgresStore, recount } from "@evt/store-postgres";
import type pg from "pg";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../test/setup/postgres-url.js";
import { type Fixture, fixture, testPool } from "./fixture.js";
import { counted, failureOf, insert, patient, RECEIVED_AT, recordOf, TENANT } from "./records.js";

/** The grants on the schema `evt` to the role `app`. */
function grantsOfReadme(): string {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, grants = ""] = /```sql\n(grant [^`]*)```/.exec(readme) ?? [];
  return grants;
}

describe("a role that owns nothing and has the README's grants", () => {
  let made: Fixture;
  let role: string;
  let pool: pg.Pool;
  let store: PostgresStore;

  beforeEach(async () => {
    made = await fixture();
    const { admin, schema } = made;
    role = `${schema}_app`;
    await admin.query(`create role ${role} login password 'secret'`);
    onTestFinished(async () => {
      await admin.query(`drop owned by ${role}; drop role ${role}`);
    });
    await admin.query(grantsOfReadme().replaceAll("evt", schema).replaceAll("to app;", `to ${role};`));
    const { hostname, port, pathname } = new URL(postgresUrl());
    const connection = {
      host: hostname,
      port: Number(port),
      database: pathname.slice(1),
      user: role,
      password: "secret",
    };
    pool = testPool({ connectionString: undefined, ...connection });
    store = new PostgresStore({ pool, schema });
  });

  it("ingests, finds duplicates and conflicts, parks, lists, gets and aggregates", async () => {
    const evt = createEvt({ store });
    const acme = evt.tenant("acme");
    const event = { client: "a", amount: "1", eventId: "one" };
    const report = await acme.ingestMany([event, event, { ...event, amount: "2" }, { client: "a" }]);
    const outcomes = report.outcomes.map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["processed", "duplicate", "conflict", "rejected"]);
    const { entries } = await acme.list();
    expect(entries.map(({ status }) => status).sort()).toEqual(["conflict", "processed", "rejected"]);
    expect((await acme.get(report.outcomes[0]?.id ?? ""))?.status).toBe("processed");
    const { rows } = await acme.aggregate({ from: "2000-01-01T00:00:00.001Z" });
    expect(rows).toMatchObject([{ count: 1, sum: "1" }]);
    expect((await acme.clients()).clients).toMatchObject([{ clientId: "a" }]);
    await evt.ping();
  });

  it("takes over lapsed claims and resolves failures", async () => {
    // a window of zero length, so the claim lapses immediately
    const lapsing = { lapsesAt: RECEIVED_AT, identifiedBy: "window" } as const;
    const record = recordOf(lapsing);
    await store.park([failureOf(record)], patient());
    expect(await insert(store, [record])).toEqual(["inserted"]);
    const later = { ...recordOf(lapsing), identity: record.identity };
    expect(await insert(store, [later])).toEqual(["inserted"]);
    await store.park([failureOf(record)], patient());
  });

  it("creates the missing partition of a month", async () => {
    const { admin, schema } = made;
    expect(await insert(store, [recordOf({ receivedAt: "2031-07-01T00:00:00.000Z" })])).toEqual(["inserted"]);
    const { rows } = await admin.query("select relname from pg_class where oid = $1::regclass", [
      `${schema}.event_2031_07`,
    ]);
    expect(rows).toHaveLength(1);
  });

  it("cannot delete rows or change events", async () => {
    await insert(store, [recordOf()]);
    for (const table of ["claim", "event", "day_total", "parked", "pruned", "seen_name"]) {
      const refused = `permission denied for table ${table}`;
      await expect(pool.query(`delete from ${made.schema}.${table}`)).rejects.toThrow(refused);
    }
    await expect(pool.query(`update ${made.schema}.event set amount = 2`)).rejects.toThrow(
      "permission denied",
    );
    expect(await counted(store)).toBe(1);
  });

  it("folds tallies, creates partitions and resolves failures: all upkeep that does not need an owner", async () => {
    await insert(store, [recordOf()]);
    const report = await maintain(pool, { schema: made.schema, now: new Date("2030-01-01T00:00:00Z") });
    expect(report).toMatchObject({ partitions: 3, folded: 1, resolved: 0 });
    expect(await counted(store)).toBe(1);
    const query = { tenantId: TENANT, of: "clientId", limit: 2 } as const;
    expect(await store.names(query, patient())).toMatchObject([{ name: "client" }]);
    const range = { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
    expect(await recount(pool, { schema: made.schema, ...range })).toEqual({
      differences: [],
      repaired: false,
    });
  });

  it("keeps totals by dimensions, and stops when they are not wanted", async () => {
    const { admin, schema } = made;
    store.keepTotals([{ byClientId: false, byMetric: true, byDimensions: ["plan"] }]);
    await insert(store, [recordOf({ dimensions: { plan: "a" } })]);
    await maintain(pool, { schema });
    await insert(store, [recordOf({ dimensions: { plan: "b" } })]);
    await maintain(pool, { schema });
    const query = { tenantId: TENANT, byClientId: false, byMetric: false, byDimensions: ["plan"], limit: 9 };
    const sources: string[] = [];
    const call = { ...patient(), onTotalsFrom: (source: string) => sources.push(source) };
    expect(await store.aggregate(query, call)).toHaveLength(2);
    expect(sources).toEqual(["rollups"]);
    await admin.query(`update ${schema}.combination set wanted_at = '2000-01-01'`);
    await maintain(pool, { schema });
    expect((await admin.query(`select from ${schema}.combination_total`)).rowCount).toBe(0);
  });

  it("can enqueue with the insert privilege, and relay with the read and delete privileges", async () => {
    const { admin, schema } = made;
    await admin.query(
      `revoke all on ${schema}.outbox from ${role}; grant insert on ${schema}.outbox to ${role}`,
    );
    const outbox = createOutbox({ evt: createEvt({ store }), pool, schema });
    const client = await pool.connect();
    await outbox.enqueue(client, "acme", [{ client: "a", amount: "1", eventId: "one" }]);
    client.release();
    await expect(outbox.relay()).rejects.toMatchObject({
      message: expect.stringContaining("SQLSTATE 42501; check the grants of the role"),
      cause: { message: "permission denied for table outbox" },
    });
    await admin.query(`grant select, insert, update, delete on ${schema}.outbox to ${role}`);
    expect(await outbox.relay()).toMatchObject({ counted: 1 });
    expect(await counted(store)).toBe(1);
  });

  it("finds nothing to migrate if it can read the journal", async () => {
    await made.admin.query(`grant select on ${made.schema}.migration to ${role}`);
    expect(await migrate(pool, { schema: made.schema })).toEqual([]);
  });

  it("gets an error that names the missing grant", async () => {
    await made.admin.query(`revoke execute on function ${made.schema}.make_partition from ${role}`);
    const inserting = store.insert([recordOf({ receivedAt: "2032-01-01T00:00:00.000Z" })], patient());
    const error = await inserting.catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_INTERNAL")).toBe(true);
    expect(error).toMatchObject({
      message: expect.stringContaining("SQLSTATE 42501; check the grants of the role"),
      cause: { message: "permission denied for function make_partition" },
    });
  });
});

it("only granted roles create partitions", async () => {
  const { admin, schema } = await fixture();
  const { rows } = await admin.query(
    "select routine_name from information_schema.routine_privileges where routine_schema = $1 and grantee = 'PUBLIC'",
    [schema],
  );
  // this function runs with its caller's privileges
  expect(rows).toEqual([{ routine_name: "events_of_id" }]);
});
