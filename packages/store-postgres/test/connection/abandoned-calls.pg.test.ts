import { isEvtError } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { postgresUrl } from "../../../../test/setup/postgres-url.js";
import { Connections } from "../../src/connection/connections.js";
import { faultyProxy } from "../faulty-proxy.js";
import { type Fixture, fixture, testPool } from "../fixture.js";
import { CERTIFICATE } from "../localhost-certificate.js";
import { again, counted, insert, patient, recordOf, TENANT } from "../records.js";
import { tlsProxy } from "../tls-proxy.js";
import { until } from "../until.js";
import { whileLocked } from "../while-locked.js";

const LIST = { tenantId: TENANT, statuses: ["processed"], limit: 10 } as const;
const SLEEPING =
  "from pg_stat_activity where application_name = $1 and query like '%pg_sleep(600)%' and state = 'active'";
const LOCKED = "from pg_stat_activity where application_name = $1 and wait_event_type = 'Lock'";

const slowly = ({ query }: { query: (query: { text: string }) => Promise<unknown> }) =>
  query({ text: "select pg_sleep(600)" });

/** Returns the number of backends that the store's pool uses. */
async function backends({ admin, schema }: Pick<Fixture, "admin" | "schema">): Promise<number> {
  const text = "select count(*)::int as n from pg_stat_activity where application_name = $1";
  return (await admin.query(text, [schema])).rows[0].n;
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  return isEvtError(error) ? error.code : String(error);
}

describe("a call that is abandoned while Postgres works on it", () => {
  it("rejects immediately, is cancelled, and its connection serves the next call", async () => {
    const { admin, schema, pool } = await fixture({ config: { max: 1 } });
    const connections = new Connections(pool);
    const giveUp = new AbortController();
    const running = connections.run({ signal: giveUp.signal }, slowly);
    await until(admin, `select ${SLEEPING}`, [schema]);
    const { rows: before } = await admin.query(
      "select pid from pg_stat_activity where application_name = $1",
      [schema],
    );
    giveUp.abort();
    expect(await codeOf(running)).toBe("EVT_STORE_UNAVAILABLE");
    expect(pool.idleCount).toBe(0);
    const rows = await connections.run(patient(), ({ query }) =>
      query({ text: "select pg_backend_pid()::int as pid" }),
    );
    expect(rows.map(({ pid }) => Number(pid))).toEqual(before.map(({ pid }) => pid));
    await connections.close();
    expect((await admin.query(`select ${SLEEPING}`, [schema])).rowCount).toBe(0);
    expect(pool.idleCount).toBe(1);
  });

  it("never uses more backends than the pool allows, even if many calls are abandoned", async () => {
    const made = await fixture({ config: { max: 4 } });
    const connections = new Connections(made.pool);
    const seen: number[] = [];
    let left = 60;
    const worker = async () => {
      while (left-- > 0) {
        const giveUp = new AbortController();
        const running = codeOf(connections.run({ signal: giveUp.signal }, slowly));
        await until(made.admin, `select ${SLEEPING}`, [made.schema]);
        giveUp.abort();
        expect(await running).toBe("EVT_STORE_UNAVAILABLE");
        seen.push(await backends(made));
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(Math.max(...seen)).toBeLessThanOrEqual(4);
    await connections.close();
    expect((await made.admin.query(`select ${SLEEPING}`, [made.schema])).rowCount).toBe(0);
  });

  it("is cancelled even right after it was sent: a cancel request that came too early is repeated", async () => {
    const made = await fixture({ config: { max: 3 } });
    const connections = new Connections(made.pool);
    const giveUpAtOnce = async () => {
      const giveUp = new AbortController();
      const running = connections.run({ signal: giveUp.signal }, (session) => {
        const asked = slowly(session);
        giveUp.abort();
        return asked;
      });
      expect(await codeOf(running)).toBe("EVT_STORE_UNAVAILABLE");
    };
    for (let n = 0; n < 10; n++) await Promise.all([giveUpAtOnce(), giveUpAtOnce(), giveUpAtOnce()]);
    await connections.close();
    expect((await made.admin.query(`select ${SLEEPING}`, [made.schema])).rowCount).toBe(0);
    expect(made.pool.totalCount).toBe(3);
  });

  it("never cancels another call's statement", async () => {
    const { pool } = await fixture({ config: { max: 2 } });
    const connections = new Connections(pool);
    const briefly = (signal: AbortSignal) =>
      connections.run({ signal }, ({ query }) => query({ text: "select pg_sleep(0.002)" }));
    const codes = new Set<string>();
    const one = async (n: number) => {
      const giveUp = new AbortController();
      const running = codeOf(briefly(giveUp.signal));
      if (n % 8 !== 7) setTimeout(() => giveUp.abort(), n % 8);
      codes.add(await running);
      await briefly(patient().signal);
    };
    for (let n = 0; n < 200; n += 4) await Promise.all([one(n), one(n + 1), one(n + 2), one(n + 3)]);
    expect([...codes].sort()).toEqual(["EVT_STORE_UNAVAILABLE", "null"]);
    await connections.close();
  });

  it("does not leave a backend running if it lists", async () => {
    const made = await fixture({ config: { max: 2 } });
    const holder = await made.admin.connect();
    await holder.query(`begin; lock table ${made.schema}.event`);
    const giveUp = new AbortController();
    const listing = codeOf(made.store.list(LIST, { signal: giveUp.signal }));
    await until(made.admin, `select ${LOCKED}`, [made.schema]);
    giveUp.abort();
    expect(await listing).toBe("EVT_STORE_UNAVAILABLE");
    await until(made.admin, `select where not exists (select ${LOCKED})`, [made.schema]);
    await holder.query("commit");
    holder.release();
    expect((await made.store.list(LIST, patient())).entries).toEqual([]);
  });

  it.each([
    ["by COPY", {}],
    ["by one statement", { lapsesAt: "2100-01-01T00:00:00.000Z", identifiedBy: "window" as const }],
  ])("stores nothing if it inserts (%s), and a retry counts the event once", async (_, about) => {
    const made = await fixture({ config: { max: 2 } });
    const records = [1, 2, 3].map(() => recordOf(about));
    await whileLocked(made, async () => {
      const giveUp = new AbortController();
      const inserting = codeOf(made.store.insert(records, { signal: giveUp.signal }));
      await until(made.admin, `select ${LOCKED}`, [made.schema]);
      giveUp.abort();
      expect(await inserting).toBe("EVT_STORE_UNAVAILABLE");
      await until(made.admin, `select where not exists (select ${LOCKED})`, [made.schema]);
    });
    expect(
      await insert(
        made.store,
        records.map((record) => again(record)),
      ),
    ).toEqual(["inserted", "inserted", "inserted"]);
    expect(await counted(made.store)).toBe(3);
  });

  it("is cancelled over TLS if its connection uses TLS; nothing is sent unencrypted", async () => {
    const { admin, schema } = await fixture();
    const proxy = await tlsProxy();
    const { username: user, password, pathname } = new URL(postgresUrl());
    const server = { host: "localhost", port: proxy.port, database: pathname.slice(1), user, password };
    const pool = testPool({
      connectionString: undefined,
      ...server,
      ssl: { ca: CERTIFICATE },
      max: 1,
      application_name: schema,
    });
    const connections = new Connections(pool);
    const giveUp = new AbortController();
    const running = codeOf(connections.run({ signal: giveUp.signal }, slowly));
    await until(admin, `select ${SLEEPING}`, [schema]);
    giveUp.abort();
    expect(await running).toBe("EVT_STORE_UNAVAILABLE");
    await connections.close();
    expect(proxy.cancels).toBeGreaterThan(0);
    expect(proxy.plain).toBe(0);
    expect(pool.idleCount).toBe(1);
  });

  it("is rolled back completely if it is in a transaction", async () => {
    const { admin, schema, pool } = await fixture({ config: { max: 1 } });
    const connections = new Connections(pool);
    const giveUp = new AbortController();
    await admin.query(`create table ${schema}.note (n int)`);
    const running = connections.run({ signal: giveUp.signal }, async (session) => {
      await session.query({ text: `begin; insert into ${schema}.note values (1)` });
      await slowly(session);
      await session.query({ text: "commit" });
    });
    await until(admin, `select ${SLEEPING}`, [schema]);
    giveUp.abort();
    expect(await codeOf(running)).toBe("EVT_STORE_UNAVAILABLE");
    await connections.run(patient(), ({ query }) => query({ text: `insert into ${schema}.note values (2)` }));
    await connections.close();
    expect((await admin.query(`select n from ${schema}.note`)).rows).toEqual([{ n: 2 }]);
  });
});

describe("a connection whose statement cannot be cancelled", () => {
  it("keeps its place in the pool until the time limit, then is closed", async () => {
    const { admin, schema } = await fixture();
    const proxy = await faultyProxy();
    const pool = testPool({ connectionString: proxy.url, max: 1, application_name: schema });
    const connections = new Connections(pool, undefined, { graceMs: 300, requestMs: 100 });
    const giveUp = new AbortController();
    const running = codeOf(connections.run({ signal: giveUp.signal }, slowly));
    await until(admin, `select ${SLEEPING}`, [schema]);
    proxy.stall();
    giveUp.abort();
    expect(await running).toBe("EVT_STORE_UNAVAILABLE");
    expect(pool.totalCount).toBe(1);
    await connections.close();
    expect(pool.totalCount).toBe(0);
    await admin.query(`select pg_terminate_backend(pid) ${SLEEPING}`, [schema]);
  });

  it("is closed immediately if its server is gone", async () => {
    const proxy = await faultyProxy();
    const pool = testPool({ connectionString: proxy.url, max: 1 });
    const connections = new Connections(pool, undefined, { graceMs: 60_000, requestMs: 60_000 });
    const giveUp = new AbortController();
    const running = codeOf(
      connections.run({ signal: giveUp.signal }, async (session) => {
        await session.query({ text: "select" });
        const asked = slowly(session);
        await proxy.stop();
        giveUp.abort();
        return asked;
      }),
    );
    expect(await running).toBe("EVT_STORE_UNAVAILABLE");
    await connections.close();
    expect(pool.totalCount).toBe(0);
  });
});

it("a store closes only after abandoned calls have returned their connections", async () => {
  const made = await fixture({ config: { max: 2 } });
  const store = new PostgresStore({ pool: made.pool, schema: made.schema });
  const holder = await made.admin.connect();
  await holder.query(`begin; lock table ${made.schema}.event`);
  const giveUp = new AbortController();
  const listing = codeOf(store.list(LIST, { signal: giveUp.signal }));
  await until(made.admin, `select ${LOCKED}`, [made.schema]);
  giveUp.abort();
  await listing;
  await store.close();
  expect(made.pool.idleCount).toBe(made.pool.totalCount);
  expect((await made.admin.query(`select ${LOCKED}`, [made.schema])).rowCount).toBe(0);
  await holder.query("commit");
  holder.release();
});
