import { createEvt, isEvtError, type Store } from "@evt/core";
import {
  createOutbox,
  forgetParked,
  maintain,
  migrate,
  PostgresStore,
  recount,
  retain,
} from "@evt/store-postgres";
import type pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { migrateBy } from "../../src/migrate.js";
import { migrationsIn } from "../../src/migrations/index.js";
import { type Fixture, fixture, freshSchema, testPool } from "../fixture.js";
import { counted, failureOf, insert, patient, recordOf, TENANT } from "../records.js";
import { watched } from "../watched-pool.js";

const BUILT = Math.max(...migrationsIn("evt").map(({ version }) => version));

async function atVersion({ admin, schema }: Fixture, version: number): Promise<void> {
  await admin.query(`delete from ${schema}.migration where version > $1`, [version]);
}

async function newer({ admin, schema }: Fixture, oldestCompatible: number): Promise<void> {
  await admin.query(
    `insert into ${schema}.migration (version, name, checksum, oldest_compatible) values ($1, 'later', '', $2)`,
    [BUILT + 1, oldestCompatible],
  );
}

/** A store whose process has just started. */
function freshStore({ pool, schema }: Fixture): PostgresStore {
  const store = new PostgresStore({ pool, schema });
  onTestFinished(() => store.close());
  return store;
}

function warnings(): string[] {
  const said: string[] = [];
  const spy = vi
    .spyOn(process, "emitWarning")
    .mockImplementation((warning) => void said.push(String(warning)));
  onTestFinished(() => spy.mockRestore());
  return said;
}

/** Every operation of the store, once each. */
const OPERATIONS: readonly (readonly [string, (store: PostgresStore) => Promise<unknown>])[] = [
  ["insert", (store) => store.insert([recordOf()], patient())],
  ["park", (store) => store.park([failureOf(recordOf())], patient())],
  ["holders", (store) => store.holders([recordOf()], patient())],
  ["get", (store) => store.get(TENANT, [recordOf().id], patient())],
  ["list", (store) => store.list({ tenantId: TENANT, statuses: ["rejected"], limit: 1 }, patient())],
  [
    "aggregate",
    (store) => store.aggregate({ tenantId: TENANT, byClientId: false, byMetric: false, limit: 1 }, patient()),
  ],
  ["reasons", (store) => store.reasons({ tenantId: TENANT, statuses: ["failed"], limit: 1 }, patient())],
  ["replay", (store) => store.replay([{ parkedId: recordOf().id, record: recordOf() }], patient())],
  [
    "note",
    (store) => {
      const { id: parkedId, receivedAt: at, receiptId: replayId } = recordOf();
      const attempt = { parkedId, at, replayId, outcome: "duplicate", eventId: null, reasons: [] } as const;
      return store.note(TENANT, [attempt], patient());
    },
  ],
  ["history", (store) => store.history(TENANT, recordOf().id, patient())],
  ["ping", (store) => store.ping(patient())],
];

describe("on a schema of an earlier version", () => {
  it.each(OPERATIONS)("%s fails immediately, and its error names the remedy", async (_, operate) => {
    const made = await fixture();
    await atVersion(made, 1);
    const error = await operate(freshStore(made)).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_SCHEMA_OUTDATED")).toBe(true);
    expect(String(error)).toContain(
      `schema "${made.schema}" is at version 1, this version of @evt/store-postgres needs ${BUILT}: call migrate(pool)`,
    );
  });

  it("refuses valid and invalid events, and counts none", async () => {
    const made = await fixture();
    await atVersion(made, 1);
    const acme = createEvt({ store: freshStore(made) }).tenant(TENANT);
    const good = { client: "a", amount: "1", eventId: "one" };
    for (const events of [[good], [{ client: "a" }], [good, { client: "a" }]]) {
      const error = await acme.ingestMany(events).catch((reason: unknown) => reason);
      expect(isEvtError(error, "EVT_SCHEMA_OUTDATED"), JSON.stringify(events)).toBe(true);
    }
    const { rows } = await made.admin.query(`select from ${made.schema}.event`);
    expect(rows).toEqual([]);
  });

  it("keeps enqueued events", async () => {
    const made = await fixture();
    const outbox = createOutbox({
      evt: createEvt({ store: freshStore(made) }),
      pool: made.pool,
      schema: made.schema,
    });
    const client = await made.pool.connect();
    await outbox.enqueue(client, TENANT, [{ client: "a", amount: "1", eventId: "one" }]);
    client.release();
    await atVersion(made, 2);
    const error = await outbox.relay().catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_SCHEMA_OUTDATED")).toBe(true);
    const { rows } = await made.admin.query(`select from ${made.schema}.outbox`);
    expect(rows).toHaveLength(1);
  });

  it("works without a restart after the migration", async () => {
    const made = await fixture();
    const { rows: last } = await made.admin.query(
      `delete from ${made.schema}.migration where version = $1 returning version, name, checksum`,
      [BUILT],
    );
    const store = freshStore(made);
    await expect(insert(store, [recordOf()])).rejects.toThrow("call migrate(pool)");
    const { version, name, checksum } = last[0];
    await made.admin.query(
      `insert into ${made.schema}.migration (version, name, checksum) values ($1, $2, $3)`,
      [version, name, checksum],
    );
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    expect(await counted(store)).toBe(1);
  });

  it("keeps its connections while it refuses calls", async () => {
    const made = await fixture();
    await atVersion(made, 1);
    const { pool, released } = watched(made.pool);
    const store = new PostgresStore({ pool, schema: made.schema });
    await insert(store, [recordOf()]).catch(() => undefined);
    await store.close();
    expect(released).toEqual(["kept"]);
  });
});

describe("upkeep on a schema of an earlier version", () => {
  const range = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };
  it.each<[string, (made: Fixture) => Promise<unknown>]>([
    ["maintain", ({ pool, schema }) => maintain(pool, { schema })],
    ["retain", ({ pool, schema }) => retain(pool, { schema, before: range.to })],
    ["recount", ({ pool, schema }) => recount(pool, { schema, ...range })],
    ["forgetParked", ({ pool, schema }) => forgetParked(pool, { schema, before: range.to })],
  ])("%s fails immediately, and its error names the remedy", async (_, work) => {
    const made = await fixture();
    await atVersion(made, 1);
    const error = await work(made).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_SCHEMA_OUTDATED")).toBe(true);
  });
});

describe("without any migration", () => {
  it("the store's error states that nothing was migrated", async () => {
    const pool = testPool();
    const store = new PostgresStore({ pool, schema: freshSchema() });
    const error = await store.ping(patient()).catch((reason: unknown) => reason);
    expect(isEvtError(error, "EVT_SCHEMA_OUTDATED")).toBe(true);
    expect(String(error)).toContain(
      'has no migrations: call migrate(pool) of @evt/store-postgres, or correct the option "schema"',
    );
    await store.close();
  });
});

describe("on a schema of a later version", () => {
  it("runs if the later steps are compatible, and warns once", async () => {
    const made = await fixture();
    await newer(made, 1);
    const said = warnings();
    const store = freshStore(made);
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    await store.ping(patient());
    await store.ping(patient());
    expect(said).toEqual([expect.stringContaining(`is at version ${BUILT + 1}, newer than this version`)]);
    expect(await migrate(made.pool, { schema: made.schema })).toEqual([]);
  });

  it("refuses to run and to migrate if a later step breaks older processes", async () => {
    const made = await fixture();
    const store: Store = freshStore(made);
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    await newer(made, BUILT + 1);
    await expect(store.ping(patient())).rejects.toThrow(
      `needs processes built for version ${BUILT + 1} or later; this version of @evt/store-postgres is built for ${BUILT}: upgrade it`,
    );
    await expect(insert(store, [recordOf()])).rejects.toThrow("upgrade it");
    await expect(migrate(made.pool, { schema: made.schema })).rejects.toThrow("upgrade it");
  });
});

it("a step that breaks older processes is recorded as such, even in a journal without the column", async () => {
  const made = await fixture();
  await made.admin.query(`alter table ${made.schema}.migration drop column oldest_compatible`);
  const breaking = { version: BUILT + 1, name: "breaking", sql: "select", oldestCompatible: BUILT + 1 };
  const steps = (quoted: string) => [...migrationsIn(quoted), breaking];
  expect(await migrateBy(made.pool, { schema: made.schema }, steps)).toEqual([BUILT + 1]);
  await expect(freshStore(made).ping(patient())).rejects.toThrow("upgrade it");
});

describe("the check", () => {
  it("runs once for a store before any number of operations", async () => {
    const made = await fixture();
    const { pool, asked } = watched(made.pool);
    const store = new PostgresStore({ pool, schema: made.schema });
    for (let i = 0; i < 5; i++) await insert(store, [recordOf()]);
    expect(asked.filter((text) => text.includes("oldest_compatible"))).toHaveLength(1);
    await store.close();
  });

  it("is repeated after an error that a schema of a different version can cause", async () => {
    const made = await fixture();
    const store = freshStore(made);
    await store.ping(patient());
    await atVersion(made, 1);
    await made.admin.query(`alter table ${made.schema}.parked drop column reasons`);
    const parking = () => store.park([failureOf(recordOf())], patient()).catch((reason: unknown) => reason);
    expect(isEvtError(await parking(), "EVT_INTERNAL")).toBe(true);
    expect(isEvtError(await parking(), "EVT_SCHEMA_OUTDATED")).toBe(true);
  });

  it("reads the journal of a build that did not record compatibility", async () => {
    const made = await fixture();
    await made.admin.query(`alter table ${made.schema}.migration drop column oldest_compatible`);
    expect(await insert(freshStore(made), [recordOf()])).toEqual(["inserted"]);
    expect(await migrate(made.pool, { schema: made.schema })).toEqual([]);
  });

  it("is skipped with one warning if the role may not read the journal", async () => {
    const made = await fixture();
    const role = await roleWithoutJournal(made);
    const said = warnings();
    const pool = testPool({ options: `-c role=${role}` });
    const store = new PostgresStore({ pool, schema: made.schema });
    expect(await insert(store, [recordOf()])).toEqual(["inserted"]);
    await store.ping(patient());
    await store.ping(patient());
    expect(said).toEqual([
      expect.stringContaining(`grant select on "${made.schema}".migration to this role`),
    ]);
    await store.close();
  });
});

async function roleWithoutJournal({ admin, schema }: { admin: pg.Pool; schema: string }): Promise<string> {
  const role = `${schema}_role`;
  await admin.query(`create role ${role}; grant usage on schema ${schema} to ${role};
    grant all on all tables in schema ${schema} to ${role}; grant execute on all functions in schema ${schema} to ${role}; revoke all on ${schema}.migration from ${role}`);
  onTestFinished(async () => {
    await admin.query(`drop owned by ${role}; drop role ${role}`);
  });
  return role;
}
