import type { EntryPosition, EntryQuery, EventRecord } from "@evt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aggregateQuery } from "../src/aggregate-query.js";
import { GetStatement } from "../src/get-statement.js";
import { HoldersStatement } from "../src/holders-statement.js";
import { InsertStatement } from "../src/insert-statement.js";
import { listQuery } from "../src/list-query.js";
import { ParkStatement } from "../src/park-statement.js";
import { prepared } from "../src/statement.js";
import { createFixture, type Fixture } from "./fixture.js";
import { fillWithMany, MONTHS } from "./many-events.js";
import { done } from "./plan.js";
import { failureOf, patient, recordOf, recordsOf } from "./records.js";

const LIMIT = 100;
const EVERY: EntryQuery = {
  tenantId: "acme",
  statuses: ["processed", "rejected", "conflict", "failed"],
  limit: LIMIT,
};
const MIDDLE: EntryPosition = { receivedAt: "2026-01-10T00:00:00.000Z", id: "80".repeat(32) };

let made: Fixture;
let schema: string;

beforeAll(async () => {
  made = await createFixture({ months: MONTHS });
  schema = `"${made.schema}"`;
  await fillWithMany(made.admin, made.schema);
}, 120_000);
afterAll(() => made.dispose());

/** The identities of so many events of `acme`, spread over all of them. */
async function identities(count: number): Promise<string[]> {
  const text = `select encode(identity, 'hex') as identity from ${schema}.claim where tenant_id = 'acme' order by 1 limit $1`;
  const { rows } = await made.admin.query(text, [count]);
  return rows.map(({ identity }) => identity as string);
}

async function takenRecords(count: number): Promise<EventRecord[]> {
  return (await identities(count)).map((identity) => recordOf({ identity }));
}

describe("a page of 200,000 events and 60,000 parked ones", () => {
  it.each([
    ["the first", {}],
    ["one by its cursor", { after: MIDDLE }],
    ["one of a common metric", { after: MIDDLE, metric: "metric 3" }],
    ["the failures'", { statuses: ["failed"] as const }],
  ])("(%s) reads little more than it shows, each side by its own index", async (_, asked) => {
    const { read, sorted, scanned } = await done(made.admin, listQuery(schema, { ...EVERY, ...asked }));
    // a claim for each failure, and seven metrics take turns
    expect(read).toBeLessThan("metric" in asked ? 4 * 7 * 1.5 * LIMIT : 5 * (LIMIT + 1) + 50);
    expect(sorted).toBeLessThanOrEqual(4 * (LIMIT + 1) + LIMIT);
    expect(scanned).toEqual([]);
  });

  it("does not look at the months after its cursor", async () => {
    const { touched } = await done(made.admin, listQuery(schema, { ...EVERY, after: MIDDLE }));
    expect(touched.filter((table) => table.startsWith("event"))).toEqual(["event_2026_01"]);
  });

  it("of a short time reads the events of that time", async () => {
    const day = { from: "2026-02-10T00:00:00.000Z", to: "2026-02-11T00:00:00.000Z" };
    const { read, scanned } = await done(
      made.admin,
      listQuery(schema, { ...EVERY, statuses: ["processed"], ...day }),
    );
    expect(read).toBeLessThan(4_000);
    expect(scanned).toEqual([]);
  });

  it("follows the last without gap or repetition where many entries were received at once", async () => {
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

describe("a lookup", () => {
  it("of a hundred ids reads what it answers", async () => {
    const ids = await identities(100);
    const { read, scanned } = await done(made.admin, new GetStatement(schema, prepared).with("acme", ids));
    expect(read).toBeLessThan(300);
    expect(scanned).toEqual([]);
  });

  it("of who holds a thousand identities reads their claims and events", async () => {
    const holders = new HoldersStatement(schema, prepared).with(await takenRecords(1_000));
    const { read, scanned, sorted } = await done(made.admin, holders);
    expect(read).toBeLessThanOrEqual(4_000);
    expect(scanned).toEqual([]);
    expect(sorted).toBe(0);
  });
});

describe("a write", () => {
  const receivedAt = "2026-03-01T00:00:00.000Z";

  it("of a thousand new events reads no table from end to end", async () => {
    const insert = new InsertStatement(schema, prepared);
    const { scanned, read } = await done(made.admin, insert.with(recordsOf(1_000, { receivedAt })));
    expect(scanned).toEqual([]);
    expect(read).toBeLessThan(100);
  });

  it("of a thousand known events reads no table from end to end", async () => {
    const insert = new InsertStatement(schema, prepared);
    const records = await takenRecords(1_000);
    expect((await done(made.admin, insert.with(records))).scanned).toEqual([]);
    const lapsing = records.map((record) => ({ ...record, lapsesAt: "2027-01-01T00:00:00.000Z" }));
    expect((await done(made.admin, insert.with(lapsing))).scanned).toEqual([]);
  });

  it("of a thousand failures looks up their claims", async () => {
    const failures = (await takenRecords(1_000)).map((record) => failureOf(record));
    const { scanned, read } = await done(made.admin, new ParkStatement(schema, prepared).with(failures));
    expect(scanned).toEqual([]);
    expect(read).toBeLessThanOrEqual(2_000);
  });
});

it("a total whose range cuts two quarters reads the events of those two, and no others", async () => {
  const range = { from: "2026-02-01T00:00:00.001Z", to: "2026-03-01T00:07:30.000Z" };
  const query = { tenantId: "acme", byClientId: true, byMetric: false, limit: 100, ...range };
  const { read, scanned } = await done(made.admin, aggregateQuery(schema, query));
  expect(read).toBeLessThan(250);
  expect(scanned).toEqual([]);
});
