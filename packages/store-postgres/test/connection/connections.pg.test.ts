import { getEventListeners, once } from "node:events";
import { type AddressInfo, createServer, Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { createEvt, isEvtError } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl } from "../../../../test/setup/postgres-url.js";
import { fixture, testPool } from "../fixture.js";
import { counted, insert, patient, recordOf, TENANT } from "../records.js";
import { until } from "../until.js";
import { COPY, WAYS, watched } from "../watched-pool.js";

const LIST = { tenantId: TENANT, statuses: ["processed"], limit: 10 } as const;

/** Returns the error of a call. */
async function errorOf(call: Promise<unknown>): Promise<Error> {
  const error = await call.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  return error as Error;
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Returns a socket that is closed after the test. If a password function rejects, pg leaves the connection open. Postgres
 * closes it after a minute, and `drop database` waits until then.
 */
function socketOfTest(): Socket {
  const socket = new Socket();
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Creates a store over a pool that cannot connect, from the pool's wrong options. */
function storeOver(wrong: pg.PoolConfig): PostgresStore {
  const { hostname, port, pathname, username, password } = new URL(postgresUrl());
  const right = { host: hostname, port: Number(port), database: pathname.slice(1), user: username, password };
  return new PostgresStore({ pool: testPool({ connectionString: undefined, ...right, ...wrong }) });
}

describe("a pool that cannot connect", () => {
  const ways: [string, () => Promise<pg.PoolConfig>, string][] = [
    ["no server listens", async () => ({ host: "127.0.0.1", port: await closedPort() }), ": ECONNREFUSED"],
    [
      "connection refused, on two addresses",
      async () => ({ host: "localhost", port: await closedPort() }),
      ": ECONNREFUSED",
    ],
    ["the host name is unknown", async () => ({ host: "nowhere.invalid" }), ""],
    [
      "the password is wrong",
      async () => ({ password: "wrong" }),
      ": SQLSTATE 28P01, password authentication failed",
    ],
    [
      "the database does not exist",
      async () => ({ database: "nowhere" }),
      ": SQLSTATE 3D000, the database does not exist",
    ],
    ["the server does not support TLS", async () => ({ ssl: true }), "; see the cause"],
    [
      "no password available",
      async () =>
        ({ password: () => Promise.reject(new Error("no token")), stream: socketOfTest }) as pg.PoolConfig,
      "; see the cause",
    ],
  ];

  it.each(ways)("throws EVT_STORE_UNAVAILABLE with the reason: %s", async (_, wrong, why) => {
    const store = storeOver(await wrong());
    const error = await errorOf(store.insert([recordOf()], patient()));
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(error.message).toContain(`cannot connect to postgres${why}`);
    expect(error.cause).toBeInstanceOf(Error);
    expect(isEvtError(await errorOf(store.ping(patient())), "EVT_STORE_UNAVAILABLE")).toBe(true);
  });

  it("never shows the database's address", async () => {
    const port = await closedPort();
    const error = await errorOf(storeOver({ host: "127.0.0.1", port }).ping(patient()));
    expect(error.message).not.toContain("127.0.0.1");
    expect(error.message).not.toContain(String(port));
  });

  it("never shows the login", async () => {
    const error = await errorOf(storeOver({ user: "secret_login", password: "wrong" }).ping(patient()));
    expect(error.message).not.toContain("secret_login");
    expect(String(error.cause)).toContain("secret_login");
  });

  it("throws EVT_STORE_UNAVAILABLE if no connection is free in time", async () => {
    const { store, pool } = await fixture({ config: { max: 1, connectionTimeoutMillis: 300 } });
    const held = await pool.connect();
    const error = await errorOf(store.list(LIST, patient()));
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(error.cause).toMatchObject({ message: "timeout exceeded when trying to connect" });
    held.release();
  });

  it("throws EVT_STORE_UNAVAILABLE after it was ended", async () => {
    const { store, pool } = await fixture();
    await pool.end();
    expect(isEvtError(await errorOf(store.list(LIST, patient())), "EVT_STORE_UNAVAILABLE")).toBe(true);
  });

  it("throws EVT_STORE_UNAVAILABLE while the server refuses connections, and works afterwards", async () => {
    const made = await fixture();
    const role = `${made.schema}_crowd`;
    await made.admin.query(`create role ${role} superuser login password 'secret'`);
    onTestFinished(async () => {
      await made.admin.query(`drop role ${role}`);
    });
    // a connection limit does not apply to a superuser, but a disabled login does
    await made.admin.query(`alter role ${role} nologin`);
    const store = storeOver({ user: role, password: "secret" });
    expect((await errorOf(store.ping(patient()))).message).toContain("SQLSTATE 28000");
    await made.admin.query(`alter role ${role} nosuperuser login connection limit 0`);
    expect((await errorOf(store.ping(patient()))).message).toContain("SQLSTATE 53300");
  });

  it("leaves events failed and retryable, and reports that they could not be parked", async () => {
    const { admin, schema } = await fixture();
    const proxied = new pg.Pool({ host: "127.0.0.1", port: await closedPort() });
    const broken = createEvt({
      store: new PostgresStore({ pool: proxied, schema }),
      retry: { attempts: 3 },
      runtime: { random: () => 0 },
    });
    const event = { client: "a", amount: 1, eventId: "k" };
    const { outcomes } = await broken.tenant("acme").ingestMany([event]);
    expect(outcomes).toMatchObject([
      { outcome: "failed", kept: false, error: { code: "EVT_STORE_UNAVAILABLE" } },
    ]);
    const mended = createEvt({ store: new PostgresStore({ pool: admin, schema }) });
    expect((await mended.tenant("acme").ingest(event)).outcome).toBe("processed");
    await Promise.all([broken.close(), mended.close(), proxied.end()]);
  });
});

it("serves two hundred concurrent calls with two connections", async () => {
  const { store } = await fixture({ config: { max: 2 } });
  const inserting = Array.from({ length: 100 }, () => insert(store, [recordOf()]));
  const listing = Array.from({ length: 100 }, () => store.list(LIST, patient()));
  expect((await Promise.all(inserting)).flat()).toEqual(Array(100).fill("inserted"));
  await Promise.all(listing);
  expect(await counted(store)).toBe(100);
});

describe("a call that is abandoned", () => {
  it("does not borrow a connection if it has not begun", async () => {
    const { pool, released } = watched(testPool());
    const store = new PostgresStore({ pool });
    const error = await errorOf(store.insert([recordOf()], { signal: AbortSignal.abort() }));
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(released).toEqual([]);
  });

  it("returns a connection unused if the connection arrives too late", async () => {
    const base = await fixture({ config: { max: 1 } });
    const seen = watched(base.pool);
    const store = new PostgresStore({ pool: seen.pool, schema: base.schema });
    const held = await base.pool.connect();
    const giveUp = new AbortController();
    const inserting = store.insert([recordOf()], { signal: giveUp.signal });
    await expect.poll(() => base.pool.waitingCount, { interval: 5 }).toBe(1);
    giveUp.abort();
    expect(isEvtError(await errorOf(inserting), "EVT_STORE_UNAVAILABLE")).toBe(true);
    held.release();
    expect(await counted(store)).toBe(0);
    expect(seen.released).toEqual(["kept", "kept"]);
    expect(seen.asked.filter((text) => text.includes("insert"))).toEqual([]);
  });

  it("closes the connection if its statement runs, and sends no more queries", async () => {
    const base = await fixture();
    const seen = watched(base.pool);
    const store = new PostgresStore({ pool: seen.pool, schema: base.schema });
    const record = recordOf();
    await insert(store, [record]);
    seen.asked.length = 0;
    const holder = await base.admin.connect();
    await holder.query(`begin; lock table ${base.schema}.claim`);
    const giveUp = new AbortController();
    const inserting = store.insert([record], { signal: giveUp.signal });
    await until(
      base.admin,
      "select from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'",
      [base.schema],
    );
    giveUp.abort();
    expect(isEvtError(await errorOf(inserting), "EVT_STORE_UNAVAILABLE")).toBe(true);
    expect(seen.released).toEqual(["kept", "destroyed"]);
    expect(base.pool.totalCount).toBe(0);
    await holder.query("commit");
    holder.release();
    expect(seen.asked).toHaveLength(1);
    expect(await insert(store, [record])).toEqual(["taken"]);
  });
});

it.each(WAYS)(
  "sends no more queries for a call (%s) that is abandoned between its two statements",
  async (_, way) => {
    const base = await fixture();
    const record = recordOf();
    await insert(base.store, [record]);
    const giveUp = new AbortController();
    const seen = watched(base.pool, { afterQuery: () => giveUp.abort() });
    const store = new PostgresStore({ pool: way(seen.pool), schema: base.schema });
    const error = await errorOf(store.insert([record, recordOf()], { signal: giveUp.signal }));
    expect(isEvtError(error, "EVT_STORE_UNAVAILABLE")).toBe(true);
    await setImmediate();
    // if a COPY failed, the last query read the holders
    expect(seen.asked.filter((text) => text !== COPY)).toHaveLength(1);
    expect(seen.released).toEqual(["destroyed"]);
  },
);

it("removes its listeners after a thousand calls", async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  const { store, pool } = await fixture({ config: { max: 3 } });
  const { id } = recordOf();
  await Promise.all(Array.from({ length: 1_000 }, () => store.get(TENANT, [id], patient())));
  const call = patient();
  for (let n = 0; n < 20; n++) await store.get(TENANT, [id], call);
  expect(getEventListeners(call.signal, "abort")).toEqual([]);
  const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
  const listeners = clients.map((client) => client.listenerCount("error"));
  for (const client of clients) client.release();
  // the listener that each client got when it was created
  expect(listeners).toEqual([1, 1, 1]);
  expect(pool.listenerCount("error")).toBe(1);
  await store.close();
  expect(pool.listenerCount("error")).toBe(0);
  expect(warnings).toEqual([]);
});

describe("new PostgresStore", () => {
  it("refuses an unknown option, a missing pool and an invalid schema name", () => {
    const pool = testPool();
    expect(() => new PostgresStore({ pool, shema: "x" } as never)).toThrow(
      'PostgresStore has no option "shema"; did you mean "schema"?',
    );
    expect(() => new PostgresStore({} as never)).toThrow("PostgresStore needs a pool, such as new pg.Pool()");
    expect(() => new PostgresStore({ pool, schema: 'a"b' })).toThrow('schema is "a\\"b"; it must have');
  });

  it("does not send a query; without any migration, its operations' errors name the remedy", async () => {
    const seen = watched(testPool());
    const store = new PostgresStore({ pool: seen.pool, schema: "nowhere" });
    expect(seen.asked).toEqual([]);
    const error = await errorOf(store.ping(patient()));
    expect(isEvtError(error, "EVT_SCHEMA_OUTDATED")).toBe(true);
    expect(error.message).toContain(
      'schema "nowhere" has no migrations: call migrate(pool) of @evt/store-postgres, or correct the option "schema"',
    );
  });
});
