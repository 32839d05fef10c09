import type { EventRecord, ParkedEvent } from "@evt/core";
import type { EntryPosition, EntryQuery } from "@evt/core/store";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepared } from "../../src/connection/statement.js";
import { GetStatement } from "../../src/entries/get-statement.js";
import { listQuery } from "../../src/entries/list-query.js";
import { HoldersStatement } from "../../src/insert/holders-statement.js";
import { InsertStatement } from "../../src/insert/insert-statement.js";
import { ParkStatement } from "../../src/parked/park-statement.js";
import { aggregateQuery } from "../../src/totals/aggregate-query.js";
import { ByteWriter } from "../../src/wire/byte-writer.js";
import { createFixture, type Fixture } from "../fixture.js";
import { LongPrepared } from "../long-prepared.js";
import { fillWithMany, MONTHS } from "../many-events.js";
import { done } from "../plan.js";
import { failureOf, patient, RECEIVED_AT, recordOf, recordsOf } from "../records.js";

const LIMIT = 100;
const EVERY: EntryQuery = {
  tenantId: "acme",
  statuses: ["processed", "rejected", "conflict", "failed"],
  limit: LIMIT,
};
const MIDDLE: EntryPosition = { receivedAt: "2026-01-10T00:00:00.000Z", id: "80".repeat(32) };

let made: Fixture;
let schema: string;
/** Prepared while the tables were empty, and run when they are full. */
let old: LongPrepared;

beforeAll(async () => {
  made = await createFixture({ months: MONTHS });
  schema = `"${made.schema}"`;
  await withoutAutovacuum();
  old = await LongPrepared.on(made.admin, made.schema);
  const lapsing = recordsOf(2, { lapsesAt: RECEIVED_AT });
  const failures = recordsOf(2).map((record) => failureOf(record));
  await old.prepare([
    lookUp(["00"]),
    findHolders(recordsOf(2)),
    insertAll(recordsOf(2)),
    insertAll(lapsing),
    await parkAll(failures),
  ]);
  await fillWithMany(made.admin, made.schema);
}, 120_000);
afterAll(async () => {
  old.end();
  await made.dispose();
});

/** Keeps autovacuum from analyzing the tables: that would replace the plans from when the tables were empty. */
async function withoutAutovacuum(): Promise<void> {
  const { rows } = await made.admin.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = $1::regnamespace and relkind = 'r'",
    [made.schema],
  );
  for (const { name } of rows)
    await made.admin.query(`alter table ${schema}.${name} set (autovacuum_enabled = off)`);
}

/** The budget for raw JSON that core passes. */
const BUDGET = 4 * 2 ** 20;

const lookUp = (ids: readonly string[]) => new GetStatement(schema, prepared).with("acme", ids, BUDGET);
const findHolders = (records: readonly EventRecord[]) =>
  new HoldersStatement(schema, prepared).current(new ByteWriter(1_024), records, BUDGET);
const insertAll = (records: readonly EventRecord[]) =>
  new InsertStatement(schema, prepared).with(new ByteWriter(1_024), records);
const parkAll = (events: readonly ParkedEvent[]) => new ParkStatement(schema, prepared).with(events);

/** Returns records of `acme`'s events, spread over all of them. */
async function takenRecords(count: number): Promise<EventRecord[]> {
  const text = `
    select encode(identity, 'hex') as identity, convert_from(place, 'UTF8') as key
      from ${schema}.claim where tenant_id = 'acme' order by 1 limit $1`;
  const { rows } = await made.admin.query<{ identity: string; key: string }>(text, [count]);
  return rows.map(({ identity, key }) => recordOf({ identity, idempotencyKey: key }));
}

describe("a statement that was prepared while the tables were empty", () => {
  it("finds an ID by filters over pages, and reads the few pages that remain", async () => {
    await made.admin.query(
      "select brin_summarize_new_values(pg_class.oid) from pg_class join pg_am on pg_am.oid = relam where amname = 'brin' and relkind = 'i' and relnamespace = $1::regnamespace",
      [made.schema],
    );
    for (const { id } of await takenRecords(10)) {
      const { read, scanned } = await old.run(lookUp([id]));
      expect(read).toBeLessThan(0.1 * 240_000);
      expect(scanned).toEqual([]);
    }
  });

  it("finds the holders of a thousand identities by indexes", async () => {
    const { read, scanned } = await old.run(findHolders(await takenRecords(1_000)));
    expect(read).toBeLessThanOrEqual(4_000);
    expect(scanned).toEqual([]);
  });

  it("inserts a thousand events, new, known or lapsing, and finds their failures by an index", async () => {
    const known = await takenRecords(1_000);
    const lapsing = known.map((record) => ({ ...record, lapsesAt: "2027-01-01T00:00:00.000Z" }));
    for (const records of [recordsOf(1_000), known, lapsing]) {
      const { read, scanned } = await old.run(insertAll(records));
      expect(read).toBeLessThan(5_000);
      // the months of these tests have ended, so late arrivals are recorded: at most one row an hour
      expect(scanned.filter((table) => table !== "late_arrival")).toEqual([]);
    }
  });

  it("parks a thousand failures and finds their claims by an index", async () => {
    const failures = (await takenRecords(1_000)).map((record) => failureOf(record));
    const { read, scanned } = await old.run(await parkAll(failures));
    // one claim each, and one or two rows to check for open failures
    expect(read).toBeLessThanOrEqual(1_002);
    expect(scanned).toEqual([]);
  });

  it("parks a thousand rejections and finds the failures that they resolve by indexes", async () => {
    const sent = recordsOf(1_000).map((record) =>
      failureOf(record, { rawJson: record.identity, givenKey: { key: record.idempotencyKey } }),
    );
    await made.store.park(sent, patient());
    const nothing = { identity: null, fingerprint: null, identifiedBy: null };
    const rejections = sent.map((each, n) => ({
      ...each,
      ...(n % 2 === 0 && nothing),
      id: recordOf().identity,
      status: "rejected" as const,
    }));
    const { read, scanned } = await old.run(await parkAll(rejections));
    // each failure twice: to find it and to resolve it
    expect(read).toBeLessThanOrEqual(2_100);
    expect(scanned).toEqual([]);
  });
});

it("a total whose range splits two quarter hours reads only the events of these two", async () => {
  const range = { from: "2026-02-01T00:00:00.001Z", to: "2026-03-01T00:07:30.000Z" };
  const query = { tenantId: "acme", byClientId: true, byMetric: false, limit: 100, ...range };
  const { read, scanned } = await done(made.admin, aggregateQuery(schema, query));
  expect(read).toBeLessThan(250);
  expect(scanned).toEqual([]);
});

it("the planner estimates the ends of a range as small, together and alone", async () => {
  const costOf = async (from: string, to: string) => {
    const query = { tenantId: "acme", byClientId: true, byMetric: true, limit: 100, from, to };
    return (await done(made.admin, aggregateQuery(schema, query))).cost;
  };
  const [from, later] = ["2026-01-05T03:00:00.000Z", "2026-01-05T03:07:00.000Z"];
  const [to, earlier] = ["2026-01-25T13:00:00.000Z", "2026-01-25T12:53:00.000Z"];
  const neither = await costOf(from, to);
  const first = (await costOf(later, to)) - neither;
  const last = (await costOf(from, earlier)) - neither;
  const both = (await costOf(later, earlier)) - neither;
  expect(both).toBeLessThan(1.5 * (first + last));
});

describe("a page of 200,000 counted and 60,000 parked events", () => {
  beforeAll(() => made.admin.query("vacuum analyze"));

  it.each([
    ["the first", {}],
    ["by its cursor", { after: MIDDLE }],
    ["of a common metric", { after: MIDDLE, metric: "metric 3" }],
    ["the failures'", { statuses: ["failed"] as const }],
  ])("(%s) reads few more entries than it shows, each status by its own index", async (_, asked) => {
    const { read, sorted, scanned } = await done(
      made.admin,
      listQuery(schema, { ...EVERY, ...asked }, BUDGET),
    );
    // one claim for each failure, and seven metrics alternate
    expect(read).toBeLessThan("metric" in asked ? 4 * 7 * 1.5 * LIMIT : 5 * (LIMIT + 1) + 50);
    expect(sorted).toBeLessThanOrEqual(4 * (LIMIT + 1) + LIMIT);
    expect(scanned).toEqual([]);
  });

  it("does not read the months after its cursor", async () => {
    const { touched } = await done(made.admin, listQuery(schema, { ...EVERY, after: MIDDLE }, BUDGET));
    expect(touched.filter((table) => table.startsWith("event"))).toEqual(["event_2026_01"]);
  });

  it("of a short time reads only the events of that time", async () => {
    const day = { from: "2026-02-10T00:00:00.000Z", to: "2026-02-11T00:00:00.000Z" };
    const { read, scanned } = await done(
      made.admin,
      listQuery(schema, { ...EVERY, statuses: ["processed"], ...day }, BUDGET),
    );
    expect(read).toBeLessThan(4_000);
    expect(scanned).toEqual([]);
  });

  it("follows the previous page without a gap or repetition if many entries have the same `receivedAt`", async () => {
    const walked: string[] = [];
    let after = MIDDLE;
    for (let page = 0; page < 20; page++) {
      const { entries } = await made.store.list({ ...EVERY, limit: 333, after }, patient());
      walked.push(...entries.map(({ id }) => id));
      after = entries.at(-1) ?? after;
    }
    const { rows } = await made.admin.query(
      `select encode(id, 'hex') as id
         from (select id, received_at from ${schema}.event where tenant_id = 'acme'
                union all
               select id, received_at from ${schema}.parked where tenant_id = 'acme' and resolved_at is null) as entry
        where (received_at, id) < ($1::timestamptz, decode($2, 'hex'))
        order by received_at desc, id desc limit 6660`,
      [MIDDLE.receivedAt, MIDDLE.id],
    );
    expect(walked).toEqual(rows.map(({ id }) => id));
  });
});

describe("totals of many days", () => {
  const CLIENTS = 400;
  const DAYS = 120;
  const range = { from: "2025-11-20T18:30:00.000Z", to: "2026-02-05T18:30:00.000Z" };
  const QUERY = { tenantId: "acme", byMetric: false, limit: 1_000, ...range };
  beforeAll(async () => {
    await made.admin.query(`
      insert into ${schema}.day_total (tenant_id, per, day, quarter, client_id, metric, count, sum)
      select 'acme', 's', day, 40, 'client ' || n, 'metric', 1, 1
        from generate_series(1, ${CLIENTS}) as n, generate_series('2025-11-01'::date, '2026-02-28', interval '1 day') as day
       union all
      select 'acme', 'a', day, 40, '', '', ${CLIENTS}, ${CLIENTS}
        from generate_series('2025-11-01'::date, '2026-02-28', interval '1 day') as day`);
    await made.admin.query(`vacuum analyze ${schema}.day_total`);
  });

  it("of all clients read a row for each day and client", async () => {
    const { read, scanned } = await done(made.admin, aggregateQuery(schema, { ...QUERY, byClientId: true }));
    expect(read).toBeLessThan(CLIENTS * 80 + 500);
    expect(scanned).not.toContain("day_total");
  });

  it("of one client read a row for each day, whichever other clients there are", async () => {
    const query = aggregateQuery(schema, { ...QUERY, byClientId: false, clientId: "client 7" });
    const { read, scanned } = await done(made.admin, query);
    expect(read).toBeLessThan(DAYS * 2 + 50);
    expect(scanned).not.toContain("day_total");
  });
});
