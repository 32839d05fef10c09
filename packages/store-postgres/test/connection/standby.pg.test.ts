import { isEvtError, type ReplayAttempt } from "@evt/core";
import type { Replay, StoreCall } from "@evt/core/store";
import { startLocalPostgres } from "@evt/local-postgres";
import { maintain, migrate, type PgPool, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { freshSchema } from "../fixture.js";
import { again, failureOf, insert, patient, recordOf, TENANT } from "../records.js";
import { until } from "../until.js";
import { WAYS } from "../watched-pool.js";

const SCHEMA = freshSchema();
const WAITING = "select from pg_stat_activity where wait_event = 'SyncRep'";
const WINDOW = { identifiedBy: "window", lapsesAt: "2026-03-01T12:05:00.000Z" } as const;

let postgres: Awaited<ReturnType<typeof startLocalPostgres>>;
let pool: pg.Pool;
let admin: pg.Pool;

beforeAll(async () => {
  postgres = await startLocalPostgres({ settings: { autovacuum: "off" } });
  pool = new pg.Pool({ connectionString: postgres.url });
  admin = new pg.Pool({ connectionString: postgres.url, options: "-c synchronous_commit=local" });
  // pool.end() resolves before the sockets close, so the server may stop first
  for (const each of [pool, admin]) each.on("error", () => undefined);
  await migrate(pool, { schema: SCHEMA, now: new Date("2026-03-01"), monthsAhead: 1 });
}, 60_000);

afterAll(async () => {
  await pool.end();
  await admin.end();
  await postgres.stop();
});

afterEach(() => standbyIs(""));

async function standbyIs(name: string): Promise<void> {
  await admin.query(`alter system set synchronous_standby_names = '${name}'`);
  await admin.query("select pg_reload_conf()");
  await until(admin, "select where current_setting('synchronous_standby_names') = $1", [name]);
}

/**
 * Makes commits wait for a standby that does not exist. Another Postgres process applies the setting, so this polls
 * until it has done so.
 */
async function standbyIsAbsent(): Promise<void> {
  await standbyIs("absent");
  while (!(await waits(pool.query("create table probe (); drop table probe"))));
  await end("pg_cancel_backend");
}

/** Returns true if a call waits for the standby before it ends. */
async function waits(call: Promise<unknown>): Promise<boolean> {
  let over = false;
  const noted = () => {
    over = true;
  };
  call.then(noted, noted);
  while (!over) if ((await admin.query(WAITING)).rowCount !== 0) return true;
  return false;
}

/** Cancels all waits for the standby, and resolves when there are none left. */
async function end(how: string): Promise<void> {
  await admin.query(`select ${how}(pid) from pg_stat_activity where wait_event = 'SyncRep'`);
  await until(admin, `select where not exists (${WAITING})`);
}

/**
 * Runs a write until it reaches the primary's disk, then ends its wait for the standby. Returns the write's error, if
 * any.
 */
async function cutShort(write: () => Promise<unknown>, how = "pg_cancel_backend"): Promise<unknown> {
  await standbyIsAbsent();
  const writing = write();
  expect(await waits(writing)).toBe(true);
  await end(how);
  return writing.catch((error: unknown) => error);
}

/** Checks that a call waits for the standby. Returns its result once commits do not wait any more. */
async function afterWaiting<T>(call: () => Promise<T>): Promise<T> {
  const calling = call();
  expect(await waits(calling)).toBe(true);
  await standbyIs("");
  return calling;
}

function storeOver(over: PgPool): PostgresStore {
  const store = new PostgresStore({ pool: over, schema: SCHEMA });
  onTestFinished(() => store.close());
  return store;
}

const isUnavailable = (error: unknown) => isEvtError(error, "EVT_STORE_UNAVAILABLE");

describe.each(WAYS)("a store whose standby does not respond, inserting %s,", (_, wrap) => {
  const made = () => storeOver(wrap(pool));

  it.each([
    ["pg_cancel_backend", {}],
    ["pg_terminate_backend", {}],
    ["pg_cancel_backend", WINDOW],
  ])("rejects an insert whose wait is ended by %s", async (how, given) => {
    const store = made();
    expect(await cutShort(() => insert(store, [recordOf(given)]), how)).toSatisfy(isUnavailable);
  });

  it.each([{}, WINDOW])("reports a claim as taken only after it is replicated", async (given) => {
    const store = made();
    const record = recordOf(given);
    await cutShort(() => insert(store, [record]));
    expect(await afterWaiting(() => insert(store, [again(record)]))).toEqual(["taken"]);
  });

  it("recognizes its own row only after it is replicated", async () => {
    const store = made();
    const record = recordOf();
    await cutShort(() => insert(store, [record]), "pg_terminate_backend");
    const [outcome] = await afterWaiting(() => store.insert([record], patient()));
    expect(outcome).toMatchObject({ outcome: "taken", claim: { receiptId: record.receiptId } });
  });
});

describe("a store whose standby does not respond", () => {
  const made = () => storeOver(pool);

  async function parked(): Promise<Replay> {
    const failure = failureOf(recordOf());
    await made().park([failure], patient());
    return { parkedId: failure.id, record: recordOf() };
  }

  it("rejects parking and replays if the wait is cancelled", async () => {
    const store = made();
    const replay = await parked();
    expect(await cutShort(() => store.park([failureOf(recordOf())], patient()))).toSatisfy(isUnavailable);
    expect(await cutShort(() => store.replay([replay], patient()))).toSatisfy(isUnavailable);
  });

  it("reports a replayed event as resolved only after the replay is replicated", async () => {
    const store = made();
    const replay = await parked();
    await cutShort(() => store.replay([replay], patient()));
    const [outcome] = await afterWaiting(() => store.replay([replay], patient()));
    expect(outcome).toMatchObject({ outcome: "settled", attempt: { replayId: replay.record.receiptId } });
  });

  it("reports a replay's identity as taken only after its claim is replicated", async () => {
    const store = made();
    const { parkedId, record } = await parked();
    await cutShort(() => insert(store, [record]));
    const replay = { parkedId, record: again(record) };
    expect(await afterWaiting(() => store.replay([replay], patient()))).toMatchObject([{ outcome: "taken" }]);
  });

  it("confirms an attempt only after it is replicated, even if it was stored before", async () => {
    const store = made();
    const { parkedId, record } = await parked();
    const about = { parkedId, replayId: record.receiptId, at: record.receivedAt };
    const attempt: ReplayAttempt = { ...about, outcome: "rejected", eventId: null, reasons: ["rule_failed"] };
    const note = (call: StoreCall) => store.note(TENANT, [attempt], call);
    expect(await cutShort(() => note(patient()))).toSatisfy(isUnavailable);
    await afterWaiting(() => note(patient()));
  });

  it("reads and previews an insert without waiting", async () => {
    const store = made();
    const record = recordOf();
    await insert(store, [record]);
    await standbyIsAbsent();
    expect(await store.holders([record], patient())).toMatchObject([{ claim: { id: record.id } }]);
    expect(await store.get(TENANT, [record.id], patient())).toMatchObject([{ status: "processed" }]);
  });

  it("`maintain` does not return before resolved failures are replicated", async () => {
    const record = recordOf();
    await made().park([failureOf(record)], patient());
    await insert(made(), [record]);
    await admin.query(`update ${SCHEMA}.parked set resolved_at = null where status = 'failed'`);
    expect(await cutShort(() => maintain(pool, { schema: SCHEMA }))).toSatisfy(isUnavailable);
  });
});

describe("a store without a standby", () => {
  it("does not write if a claim is taken", async () => {
    const store = storeOver(pool);
    const record = recordOf();
    // the second insert reads the holders first
    for (let i = 0; i < 30; i++) await insert(store, [i === 0 ? record : again(record)]);
    const next = async () =>
      (await admin.query("select pg_snapshot_xmax(pg_current_snapshot())::text as next")).rows;
    const before = await next();
    expect(await insert(store, [again(record)])).toEqual(["taken"]);
    expect(await next()).toEqual(before);
  });
});
