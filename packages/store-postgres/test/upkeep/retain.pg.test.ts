import { createEvt, isEvtError } from "@evt/core";
import { claimOf } from "@evt/core/store";
import { type KeptMonth, maintain, recount, retain } from "@evt/store-postgres";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { again, counted, insert, patient, recordOf, recordsOf, TENANT } from "../records.js";
import { folded } from "../totals/folded.js";
import { arrivedLongAgo } from "./arrived-long-ago.js";

const MARCH = "2026-03-15T12:00:00.000Z";
const APRIL = "2026-04-02T12:00:00.000Z";
const MONTHS = { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 3 };
const YEAR = { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };

/** Two events of March, one of which arrived in April, and one event of April. */
async function filled(): Promise<Fixture> {
  const made = await fixture({ months: MONTHS });
  await insert(made.store, [
    recordOf({ receivedAt: MARCH, timestamp: "2026-03-15T11:50:00.000Z", amount: "1" }),
    recordOf({ receivedAt: APRIL, timestamp: "2026-03-15T11:52:00.000Z", amount: "2" }),
    recordOf({ receivedAt: APRIL, timestamp: "2026-04-02T11:50:00.000Z", amount: "4" }),
  ]);
  return made;
}

async function pruned(made: Fixture, options: object = {}) {
  await arrivedLongAgo(made);
  return retain(made.admin, { schema: made.schema, before: "2026-04-01T00:00:00Z", ...options });
}

async function totals({ store }: Fixture, range: { from?: string; to?: string; buckets?: string[] } = {}) {
  const query = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 10, ...range };
  return (await store.aggregate(query, patient())).map(({ count, sum }) => `${count}: ${sum}`);
}

const errorOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

describe("retain", () => {
  it("drops the months that ended by the given time, and returns them", async () => {
    const made = await filled();
    expect(await pruned(made)).toEqual([
      {
        table: "event_2026_03",
        from: "2026-03-01T00:00:00.000Z",
        to: "2026-04-01T00:00:00.000Z",
        events: 1,
      },
    ]);
    const { rows } = await made.admin.query(
      "select relname from pg_class where relnamespace = $1::regnamespace and relname like 'event_2026_0_' order by 1",
      [made.schema],
    );
    expect(rows.map(({ relname }) => relname)).toEqual(["event_2026_04", "event_2026_05"]);
    expect(await pruned(made)).toEqual([]);
  });

  it("keeps every claim: a resend of a pruned event is a duplicate and does not change totals", async () => {
    const made = await fixture({ months: MONTHS });
    const record = recordOf({ receivedAt: MARCH });
    await insert(made.store, [record]);
    await pruned(made);
    const taken = { outcome: "taken", claim: claimOf(record), event: null };
    expect(await made.store.insert([again(record, { receivedAt: APRIL })], patient())).toEqual([taken]);
    expect(await counted(made.store)).toBe(1);
  });

  it("does not change totals of whole quarter hours, folded or not", async () => {
    for (const fold of [true, false]) {
      const made = await filled();
      if (fold) await folded(made);
      const ranges = [
        {},
        { from: "2026-03-15T11:45:00.000Z", to: "2026-03-15T12:00:00.000Z" },
        { from: "2026-03-01T00:00:00.000Z", to: "2026-04-01T00:00:00.000Z" },
      ];
      const before = await Promise.all(ranges.map((range) => totals(made, range)));
      expect(before).toEqual([["3: 7"], ["2: 3"], ["2: 3"]]);
      await pruned(made);
      expect(await Promise.all(ranges.map((range) => totals(made, range)))).toEqual(before);
      await folded(made);
      expect(await Promise.all(ranges.map((range) => totals(made, range)))).toEqual(before);
    }
  });

  it.each([
    ["begins", { from: "2026-03-15T11:51:00.000Z" }],
    ["ends", { to: "2026-03-15T11:50:00.000001Z" }],
    [
      "has a bucket that begins",
      {
        from: "2026-03-15T00:00:00.000Z",
        to: "2026-03-16T00:00:00.000Z",
        buckets: ["2026-03-15T00:00:00.000Z", "2026-03-15T11:55:00.000Z"],
      },
    ],
  ] as [string, object][])(
    "refuses a range that %s within a quarter hour whose events were pruned",
    async (_, range) => {
      const made = await filled();
      const before = await totals(made, range);
      expect(before.length).toBeGreaterThan(0);
      await pruned(made);
      const error = await errorOf(totals(made, range));
      expect(isEvtError(error, "EVT_PRUNED")).toBe(true);
      expect(String(error)).toContain("2026-03-15T11:45:00");
    },
  );

  it("core refuses the same ranges with the same message, and accepts all others", async () => {
    const made = await filled();
    await pruned(made);
    const acme = createEvt({ store: made.store }).tenant(TENANT);
    const error = await errorOf(acme.aggregate({ from: "2026-03-15T11:51:00Z" }));
    expect(isEvtError(error, "EVT_PRUNED")).toBe(true);
    const { rows } = await acme.aggregate({ from: "2026-04-02T11:49:59.5Z" });
    expect(rows).toMatchObject([{ count: 1, sum: "4" }]);
    const other = createEvt({ store: made.store }).tenant("other");
    expect((await other.aggregate({ from: "2026-03-15T11:51:00Z" })).rows).toMatchObject([{ count: 0 }]);
  });

  it("lists and gets the remaining events", async () => {
    const made = await filled();
    const query = { tenantId: TENANT, statuses: ["processed"] as const, limit: 10 };
    const { entries } = await made.store.list(query, patient());
    await pruned(made);
    expect((await made.store.list(query, patient())).entries).toEqual(entries.slice(0, 2));
    const ids = entries.map(({ id }) => id);
    expect(await made.store.get(TENANT, ids, patient())).toEqual([...entries.slice(0, 2), null]);
  });

  it("detaches the table with keepTables", async () => {
    const made = await filled();
    await pruned(made, { keepTables: true });
    const { rows } = await made.admin.query(`select amount::text from ${made.schema}.event_2026_03`);
    expect(rows).toEqual([{ amount: "1" }]);
    expect(await totals(made)).toEqual(["3: 7"]);
  });

  it("works over several months: a quarter hour pruned twice is refused, and its whole total is kept", async () => {
    const made = await filled();
    await pruned(made);
    const months = await pruned(made, { before: new Date("2026-06-01T00:00:00Z") });
    expect(months.map(({ events }) => events)).toEqual([2, 0]);
    expect(await totals(made)).toEqual(["3: 7"]);
    for (const from of ["2026-03-15T11:51:00.000Z", "2026-04-02T11:51:00.000Z"])
      expect(isEvtError(await errorOf(totals(made, { from })), "EVT_PRUNED")).toBe(true);
  });

  it("does not prune a month with an event without a claim", async () => {
    const made = await filled();
    await made.admin.query(`delete from ${made.schema}.claim where received_at = $1`, [MARCH]);
    expect(String(await errorOf(pruned(made)))).toContain("1 events of event_2026_03 have no claim");
    expect(await totals(made, { from: "2026-03-15T11:50:00.000001Z" })).toEqual(["2: 6"]);
  });

  const CHANGES = ["sum = sum + 1", "quarter = quarter + 1"];
  it.each(CHANGES.flatMap((change) => ["s", "m", "a"].map((per) => [change, per])))(
    "does not prune a month with a total that differs from its events: %s, per %s",
    async (change, per) => {
      const made = await filled();
      await folded(made);
      const { rowCount } = await made.admin.query(
        `update ${made.schema}.day_total set ${change} where per = $1 and day < '2026-04-01'`,
        [per],
      );
      expect(rowCount).toBe(1);
      expect(String(await errorOf(pruned(made)))).toContain("totals of event_2026_03 differ from its events");
      await recount(made.admin, { schema: made.schema, ...YEAR, repair: true });
      expect(await pruned(made)).toHaveLength(1);
    },
  );

  it("checks only the totals that contain its events", async () => {
    const made = await filled();
    await folded(made);
    await made.admin.query(`update ${made.schema}.day_total set sum = sum + 1 where day >= '2026-04-01'`);
    expect(await pruned(made)).toHaveLength(1);
  });

  it("neither loses an event nor counts it twice during resends and new events", async () => {
    const made = await fixture({ months: MONTHS });
    const { store, schema, admin } = made;
    const old = recordsOf(200, { receivedAt: MARCH });
    await insert(store, old);
    await arrivedLongAgo(made);
    const sending = Array.from({ length: 8 }, async (_, n) => {
      for (let round = 0; round < 10; round++) {
        const resent = old.slice(n * 25, n * 25 + 25).map((record) => again(record, { receivedAt: APRIL }));
        const outcomes = await insert(store, [...resent, ...recordsOf(5, { receivedAt: APRIL })]);
        expect(outcomes.filter((outcome) => outcome === "inserted")).toHaveLength(5);
      }
    });
    const [months] = await Promise.all([
      retain(admin, { schema, before: "2026-04-01T00:00:00Z" }),
      ...sending,
    ]);
    expect(months).toMatchObject([{ events: 200 }]);
    expect(await counted(store)).toBe(200 + 8 * 10 * 5);
    expect((await recount(admin, { schema, ...YEAR })).differences).toEqual([]);
  });

  it("waits for a long reader without blocking others, then prunes", async () => {
    const made = await filled();
    const reader = await made.admin.connect();
    await reader.query(`begin; select from ${made.schema}.event`);
    const pruning = pruned(made);
    for (let n = 0; n < 5; n++)
      expect(await insert(made.store, [recordOf({ receivedAt: APRIL })])).toEqual(["inserted"]);
    await reader.query("commit");
    reader.release();
    expect(await pruning).toHaveLength(1);
  });

  it("keeps a month in which an event arrived after that time by the database's clock, and reports it", async () => {
    const made = await filled();
    const { admin, schema } = made;
    const kept: KeptMonth[] = [];
    const options = {
      schema,
      before: "2026-04-01T00:00:00Z",
      onKept: (month: KeptMonth) => kept.push(month),
    };
    const began = new Date(Date.now() - 600_000).toISOString();
    expect(await retain(admin, options)).toEqual([]);
    const month = { from: "2026-03-01T00:00:00.000Z", to: "2026-04-01T00:00:00.000Z" };
    expect(kept).toEqual([{ table: "event_2026_03", ...month, lastArrivalAt: expect.any(String) }]);
    expect(kept[0]?.lastArrivalAt.localeCompare(began)).toBe(1);
    expect(await totals(made, { from: "2026-03-15T11:50:00.000001Z" })).toEqual(["2: 6"]);
    // it is pruned once enough time has passed
    await arrivedLongAgo(made, "2026-03-31T22:59:59Z");
    expect(await retain(admin, options)).toHaveLength(1);
  });

  it("warns about a month that it keeps", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const { admin, schema } = await filled();
    expect(await retain(admin, { schema, before: "2026-04-01T00:00:00Z" })).toEqual([]);
    expect(String(warn.mock.calls[0]?.[0])).toContain(
      "retain kept event_2026_03: an event arrived there after 20",
    );
  });

  it("allows for an arrival within an hour after the last recorded arrival", async () => {
    const made = await filled();
    await arrivedLongAgo(made, "2026-03-31T23:30:00Z");
    const kept: KeptMonth[] = [];
    const { admin, schema } = made;
    await retain(admin, { schema, before: "2026-04-01T00:00:00Z", onKept: (month) => kept.push(month) });
    expect(kept).toMatchObject([{ lastArrivalAt: "2026-03-31T23:30:00.000Z" }]);
  });

  it("does not prune events that arrived today from a host whose clock is in 1970, and never blocks that host", async () => {
    const made = await fixture();
    const { store, admin, schema } = made;
    const receivedAt = "1970-01-01T00:00:07.000Z";
    for (const keepTables of [false, true, true]) {
      expect(await insert(store, [recordOf({ receivedAt })])).toEqual(["inserted"]);
      const options = { schema, before: new Date(Date.now() - 3 * 86_400_000), keepTables, onKept: () => {} };
      expect(await retain(admin, options)).toEqual([]);
      await arrivedLongAgo(made, "2026-01-01T00:00:00Z");
      expect(await retain(admin, options)).toMatchObject([{ events: 1 }]);
    }
    expect(await insert(store, [recordOf({ receivedAt })])).toEqual(["inserted"]);
    expect(await counted(store)).toBe(4);
    const { rows } = await admin.query(
      `select relname from pg_class where relnamespace = $1::regnamespace and relname ~ '^event_1970.*[0-9]$' order by 1`,
      [schema],
    );
    expect(rows.map(({ relname }) => relname)).toEqual([
      "event_1970_01",
      "event_1970_01_2",
      "event_1970_01_3",
    ]);
  });

  it("records late arrivals in a partition that was created before its month ended", async () => {
    const made = await fixture({ months: MONTHS });
    const { store, admin, schema } = made;
    await admin.query(`drop trigger evt_late_arrival on ${schema}.event_2026_03`);
    await insert(store, [recordOf({ receivedAt: MARCH })]);
    await maintain(admin, { schema });
    await insert(store, [recordOf({ receivedAt: MARCH })]);
    await insert(store, [recordOf({ receivedAt: MARCH })]);
    const { rows } = await admin.query(
      `select partition, at > now() - interval '1 hour' as now from ${schema}.late_arrival`,
    );
    expect(rows).toEqual([{ partition: "event_2026_03", now: true }]);
  });

  it("records late arrivals in a month from a day after its end", async () => {
    const months = { now: new Date("2020-01-01T00:00:00Z"), monthsAhead: 1 };
    const { admin, schema } = await fixture({ months });
    for (const hours of [25, 23]) {
      const table = `ended_${hours}_hours_ago`;
      await admin.query(`create table ${schema}.${table} (like ${schema}.event including all)`);
      await admin.query(`do $$ begin
        execute format('alter table ${schema}.event attach partition ${schema}.${table} for values from (%L) to (%L)',
          now() - interval '${hours} hours 1 minute', now() - interval '${hours} hours'); end $$`);
    }
    await retain(admin, { schema, before: "2019-01-01T00:00:00Z" });
    const { rows } = await admin.query(
      `select relname from pg_trigger join pg_class on pg_class.oid = tgrelid
        where tgname = 'evt_late_arrival' and relnamespace = $1::regnamespace and relname like 'ended%'`,
      [schema],
    );
    expect(rows).toEqual([{ relname: "ended_25_hours_ago" }]);
  });

  it.each([
    [{ before: "soon" }, 'before: "soon"'],
    [{ before: new Date(Date.now() + 3_600_000) }, "it must be in the past"],
    [{ before: MARCH, keep: true }, 'no option "keep"'],
  ] as [object, string][])("refuses %j", async (options, message) => {
    const { admin } = await fixture();
    await expect(retain(admin, options as never)).rejects.toThrow(message);
    await expect(retain({} as never, { before: MARCH })).rejects.toThrow("retain needs a pool");
  });
});

it("totals of whole quarter hours are available after months were dropped without retain", async () => {
  const made = await filled();
  await folded(made);
  await made.admin.query(`drop table ${made.schema}.event_2026_03`);
  expect(await totals(made)).toEqual(["3: 7"]);
});
