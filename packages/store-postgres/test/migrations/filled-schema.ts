import {
  createEvt,
  type EntryStatus,
  type EventRecord,
  type ParkedEvent,
  type ParkedStatus,
} from "@evt/core";
import { createOutbox, maintain, PostgresStore, recount, retain } from "@evt/store-postgres";
import type pg from "pg";
import type { Fixture } from "../fixture.js";
import { again, failureOf, insert, patient, recordOf, recordsOf } from "../records.js";

const TENANTS = ["acme", "globex"];
const MONTHS = ["2026-01", "2026-02", "2026-03"];
const LAPSING = { identifiedBy: "window", idempotencyKey: null } as const;
const STATUSES: readonly EntryStatus[] = ["processed", "rejected", "conflict", "failed"];
const PARKED: readonly ParkedStatus[] = ["rejected", "conflict", "failed"];

/**
 * Fills the schema through the store with rows of every kind: counted, folded, pruned, lapsed, parked, replayed,
 * enqueued.
 */
export async function fill({ store, admin, pool, schema }: Fixture): Promise<void> {
  for (const tenantId of TENANTS) await countEvents(store, tenantId);
  // as if the months had not ended when their events arrived
  await admin.query(`delete from ${schema}.late_arrival`);
  await retain(admin, { schema, before: "2026-02-01T00:00:00Z" });
  await maintain(pool, { schema, monthsAhead: 0 });
  for (const tenantId of TENANTS) {
    await insert(store, recordsOf(30, { tenantId, amount: "0.05", metric: "unfolded" }));
    await parkEvents(store, tenantId);
  }
  await enqueue(pool, schema, store);
}

async function countEvents(store: PostgresStore, tenantId: string): Promise<void> {
  for (const [i, month] of MONTHS.entries()) {
    const receivedAt = `${month}-10T12:00:00.000Z`;
    const timestamp = `${month}-09T23:50:00.000Z`;
    const common = { tenantId, receivedAt, timestamp, clientId: `client ${i}` };
    await insert(store, recordsOf(40, { ...common, amount: "1.25", metric: "a" }));
    await insert(
      store,
      recordsOf(5, { ...common, identifiedBy: "content", idempotencyKey: null, rawJson: null }),
    );
    const lapsing = recordOf({ ...common, ...LAPSING, lapsesAt: `${month}-10T12:05:00.000Z` });
    await insert(store, [lapsing]);
    const later = { receivedAt: `${month}-10T12:06:00.000Z`, lapsesAt: `${month}-10T12:11:00.000Z` };
    await insert(store, [again(lapsing, { ...later, id: recordOf().id })]);
  }
}

const issue = (code: string, message = "why") =>
  ({ code, path: "", message }) as ParkedEvent["issues"][number];

/** A failure parked by a version that did not record the given key. */
const failed = (record: EventRecord, given: Partial<ParkedEvent> = {}) =>
  failureOf(record, { givenKey: null, ...given });

/**
 * Parks events with every status: with one reason, several and none; one resolved, one attempted twice; replayed with
 * every outcome.
 */
async function parkEvents(store: PostgresStore, tenantId: string): Promise<void> {
  const parked = (given: Partial<ParkedEvent>) => failed(recordOf({ tenantId }), { error: null, ...given });
  const rejected = Array.from({ length: 12 }, (_, n) =>
    parked({
      status: "rejected",
      issues: [
        issue("amount_missing", '"code":"not_a_code" \u0000 \ud800'),
        issue(n % 2 ? "metric_missing" : "amount_missing"),
      ],
    }),
  );
  const conflicts = Array.from({ length: 6 }, () =>
    parked({ status: "conflict", issues: [issue("amount_differs")], conflictsWith: recordOf().id }),
  );
  const counted = recordOf({ tenantId });
  await insert(store, [counted]);
  const failures = [failed(recordOf({ tenantId })), failed(recordOf({ tenantId })), failed(again(counted))];
  const withoutReason = parked({ status: "conflict" });
  await store.park([...rejected, ...conflicts, ...failures, withoutReason], patient());
  await store.park([failures[0] as ParkedEvent], patient());
  await replayThem(store, tenantId, rejected);
}

async function replayThem(
  store: PostgresStore,
  tenantId: string,
  events: readonly ParkedEvent[],
): Promise<void> {
  const [first, second, third] = events.map(({ id }) => id) as [string, string, string];
  await store.replay([{ parkedId: first, record: recordOf({ tenantId }) }], patient());
  const attempt = { at: "2026-03-02T00:00:00.000Z", replayId: "ab".repeat(16), eventId: null };
  await store.note(
    tenantId,
    [
      { ...attempt, parkedId: second, outcome: "rejected", reasons: ["amount_missing"] },
      { ...attempt, parkedId: third, outcome: "duplicate", reasons: [] },
    ],
    patient(),
  );
}

async function enqueue(pool: pg.Pool, schema: string, store: PostgresStore): Promise<void> {
  const outbox = createOutbox({ evt: createEvt({ store }), pool, schema });
  const client = await pool.connect();
  await outbox.enqueue(client, "acme", [
    { clientId: "shop", metric: "order", amount: "1", idempotencyKey: "order 1" },
  ]);
  client.release();
}

/** Copies the tables' rows into another schema, in the columns that the other schema has. */
export async function copyRows(
  admin: pg.Pool,
  from: string,
  to: string,
  tables: readonly string[],
): Promise<void> {
  const { rows: months } = await admin.query(
    "select relname from pg_inherits join pg_class on pg_class.oid = inhrelid where inhparent = $1::regclass and relkind = 'r'",
    [`${from}.event`],
  );
  for (const { relname } of months) {
    const [, year, month] = /^event_(\d+)_(\d+)$/.exec(relname) as unknown as [string, string, string];
    await admin.query(`select ${to}.make_partition($1::timestamptz)`, [`${year}-${month}-15T00:00:00Z`]);
  }
  // a trigger on event fills late_arrival, and one on day_total fills seen_name
  for (const table of tables.filter((name) => name !== "late_arrival" && name !== "seen_name")) {
    const columns = await columnsOf(admin, to, table);
    const list = columns.join(", ");
    // while a migration replaces rollup, a trigger blocks every change of it
    if (table === "rollup") await admin.query(`alter table ${to}.rollup disable trigger user`);
    await admin.query(
      `insert into ${to}.${table} (${list}) overriding system value select ${list} from ${from}.${table}`,
    );
    if (table === "rollup") await admin.query(`alter table ${to}.rollup enable trigger user`);
  }
}

export async function tablesOf(admin: pg.Pool, schema: string): Promise<string[]> {
  const { rows } = await admin.query(
    `select relname from pg_class
      where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migration'
      order by relname`,
    [schema],
  );
  return rows.map(({ relname }) => relname);
}

export async function columnsOf(admin: pg.Pool, schema: string, table: string): Promise<string[]> {
  const { rows } = await admin.query(
    "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum",
    [`${schema}.${table}`],
  );
  return rows.map(({ attname }) => attname);
}

export type Dump = ReadonlyMap<string, readonly string[]>;

/** Returns every row as text, by table, in the given columns. */
export async function dump(
  admin: pg.Pool,
  schema: string,
  columns: ReadonlyMap<string, readonly string[]>,
): Promise<Dump> {
  const tables = new Map<string, readonly string[]>();
  for (const [table, names] of columns) {
    const row = names.map((name) => `${name}::text`).join(", ");
    const { rows } = await admin.query(`select row(${row})::text as row from ${schema}.${table} order by 1`);
    tables.set(
      table,
      rows.map((each) => each.row),
    );
  }
  return tables;
}

/** Returns everything that can be read from the store. */
export async function resultsOf(admin: pg.Pool, schema: string): Promise<unknown> {
  const store = new PostgresStore({ pool: admin, schema });
  const results = [];
  for (const tenantId of TENANTS) {
    const { entries } = await store.list({ tenantId, statuses: STATUSES, limit: 1_000 }, patient());
    const ids = entries.map(({ id }) => id);
    const totals = (byClientId: boolean, byMetric: boolean, from?: string, to?: string) =>
      store.aggregate(
        { tenantId, byClientId, byMetric, limit: 1_000, ...(from && { from }), ...(to && { to }) },
        patient(),
      );
    results.push({
      entries,
      found: await store.get(tenantId, ids, patient()),
      byReason: await Promise.all(
        ["amount_missing", "metric_missing", "amount_differs", "EVT_STORE_UNAVAILABLE", "not_a_code"].map(
          (reason) => store.list({ tenantId, statuses: PARKED, reason, limit: 1_000 }, patient()),
        ),
      ),
      reasons: await store.reasons({ tenantId, statuses: PARKED, limit: 100 }, patient()),
      clients: await store.names({ tenantId, of: "clientId", limit: 100 }, patient()),
      metrics: await store.names({ tenantId, of: "metric", limit: 100 }, patient()),
      histories: await Promise.all(ids.map((id) => store.history(tenantId, id, patient()))),
      totals: await Promise.all([
        totals(false, false),
        totals(true, true),
        totals(true, false, "2026-01-01T00:00:00.000Z", "2026-03-01T00:00:00.000Z"),
      ]),
    });
  }
  const range = { from: "2026-02-01T00:00:00Z", to: "2026-04-01T00:00:00Z" };
  const { differences } = await recount(admin, { schema, ...range });
  await store.close();
  return { results, differences };
}
