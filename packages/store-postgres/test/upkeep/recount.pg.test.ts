import { recount } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { counted, insert, recordOf, recordsOf } from "../records.js";
import { folded } from "../totals/folded.js";

const DAY = { from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00Z" };
const AT = "2026-02-01T12:20:00.000Z";

async function filled(): Promise<Fixture> {
  const made = await fixture({ reused: true });
  await insert(made.store, [
    recordOf({ timestamp: AT, amount: "0.1" }),
    recordOf({ timestamp: AT, amount: "0.2" }),
  ]);
  await folded(made);
  await insert(made.store, [recordOf({ timestamp: AT, amount: "10", clientId: "other" })]);
  return made;
}

const recounted = ({ admin, schema }: Fixture, options: object = {}) =>
  recount(admin, { schema, ...DAY, ...options });

const spoil = ({ admin, schema }: Fixture, change: string) => admin.query(change.replaceAll("evt", schema));

describe("recount", () => {
  it("finds nothing if every total equals its events", async () => {
    expect(await recounted(await filled())).toEqual({ differences: [], repaired: false });
  });

  it("returns the stored total and the total of the events", async () => {
    const made = await filled();
    await spoil(made, "update evt.day_total set sum = sum + 1 where per = 's'");
    const spoilt = { count: 2, sum: "1.3" };
    const right = { count: 2, sum: "0.3" };
    const all = { tenantId: "acme", clientId: null, metric: null, unit: null };
    const series = { ...all, clientId: "client", metric: "metric" };
    const ofMetric = { ...all, metric: "metric" };
    const sums = { stored: right, counted: spoilt };
    expect((await recounted(made)).differences).toEqual([
      { ...series, span: "quarter", at: "2026-02-01T12:15:00.000Z", stored: spoilt, counted: right },
      { ...ofMetric, ...sums, span: "quarter", at: "2026-02-01T12:15:00.000Z" },
      { ...all, ...sums, span: "quarter", at: "2026-02-01T12:15:00.000Z" },
      { ...ofMetric, ...sums, span: "day", at: "2026-02-01T00:00:00.000Z" },
      { ...all, ...sums, span: "day", at: "2026-02-01T00:00:00.000Z" },
    ]);
  });

  it.each([
    ["a changed count", "update evt.day_total set count = count + 1 where per = 's'"],
    ["a changed minimum", "update evt.day_total set min = min - 1 where per = 's'"],
    ["a changed maximum", "update evt.day_total set max = max + 100 where per = 'm'"],
    ["a changed quarter hour", "update evt.day_total set quarter = quarter + 1 where per = 'a'"],
    ["a missing total", "delete from evt.day_total where per = 's'"],
    ["a changed total of a metric", "update evt.day_total set count = count - 1 where per = 'm'"],
    ["a missing total of all events", "delete from evt.day_total where per = 'a'"],
    [
      "a total without events",
      "insert into evt.day_total values ('2026-02-01', 95, 's', 'acme', 'a', 'b', '', '', 1, 1)",
    ],
    [
      "a total of all events without events",
      "insert into evt.day_total values ('2026-02-01', 12, 'a', 'acme', '', '', 'unit', '', 1, 1)",
    ],
    [
      "a cell that the day's total does not have",
      `update evt.day_total set quarter = null, quarters = array[quarter, 3], counts = array[count, 1], sums = array[sum, 1],
                                mins = array[sum, 1], maxs = array[sum, 1] where per = 's'`,
    ],
    ["a missing tally", "delete from evt.tally"],
    ["a duplicate tally", "insert into evt.tally select * from evt.tally"],
    ["a missing event", "delete from evt.event where amount = 0.1"],
    ["a duplicate event", "insert into evt.event select * from evt.event where amount = 10"],
  ])("finds %s, and replaces the totals", async (_, change) => {
    const made = await filled();
    await spoil(made, change);
    const { differences } = await recounted(made);
    expect(differences.length).toBeGreaterThan(0);
    expect((await recounted(made, { repair: true })).repaired).toBe(true);
    expect(await recounted(made)).toEqual({ differences: [], repaired: false });
    const { rows } = await made.admin.query(`select count(*)::int from ${made.schema}.event`);
    expect(await counted(made.store)).toBe(rows[0].count);
  });

  it("includes the whole day if the range ends with a date without a time, as aggregate does", async () => {
    const made = await filled();
    await spoil(made, "update evt.day_total set count = count + 1 where per = 's'");
    const of = async (from: string, to: string) =>
      (await recounted(made, { from, to })).differences.some(({ span }) => span === "quarter");
    expect(await of("2026-02-01", "2026-02-01")).toBe(true);
    expect(await of("2026-01-31", "2026-01-31")).toBe(false);
    expect(await of("2026-02-01T00:00:00Z", "2026-02-01T12:15:00Z")).toBe(false);
  });

  it("checks only its range and its tenant, but checks days completely", async () => {
    const made = await filled();
    await insert(made.store, [
      recordOf({ timestamp: "2026-02-01T03:00:00.000Z" }),
      recordOf({ timestamp: "2026-02-20T00:00:00.000Z" }),
      recordOf({ tenantId: "globex", timestamp: AT }),
    ]);
    await folded(made);
    await spoil(made, "update evt.day_total set sum = sum + 1 where day = '2026-02-20'");
    await spoil(made, "update evt.day_total set sum = sum + 1 where tenant_id = 'globex' and per = 'm'");
    await spoil(
      made,
      "update evt.day_total set max = 9 where tenant_id = 'acme' and per = 'a' and day = '2026-02-01'",
    );
    const spans = async (options: object) => [
      ...new Set(
        (await recounted(made, options)).differences.map(({ tenantId, span }) => `${tenantId} ${span}`),
      ),
    ];
    expect(await spans({ tenantId: "globex" })).toEqual(["globex quarter", "globex day"]);
    expect(await spans({ tenantId: "acme", from: AT.replace("12:20", "12:15") })).toEqual(["acme day"]);
    expect(await spans({ tenantId: "acme", to: "2026-02-20" })).toEqual(["acme quarter", "acme day"]);
    expect(await spans({ tenantId: "nobody" })).toEqual([]);
  });

  it("repairs a part of a day and keeps the rest of the day", async () => {
    const made = await filled();
    await insert(made.store, [recordOf({ timestamp: "2026-02-01T03:00:00.000Z" })]);
    await folded(made);
    await spoil(made, "delete from evt.event where occurred_at = '2026-02-01T03:00:00Z'");
    await spoil(made, "delete from evt.day_total where client_id = 'other'");
    const noon = { from: "2026-02-01T12:00:00Z", to: "2026-02-01T13:00:00Z" };
    expect((await recounted(made, { ...noon, repair: true })).repaired).toBe(true);
    expect(await recounted(made, noon)).toEqual({ differences: [], repaired: false });
    expect(await counted(made.store)).toBe(4);
    expect((await recounted(made, { repair: true })).differences).toHaveLength(1);
    expect(await counted(made.store)).toBe(3);
  });

  it("repairs the quarter hour of an event in its last microsecond, in any year", async () => {
    const made = await fixture({ reused: true });
    await insert(made.store, [recordOf({ timestamp: "9998-12-31T23:44:59.999999Z" })]);
    await folded(made);
    await spoil(made, "delete from evt.day_total");
    const day = { from: "9998-12-31T00:00:00Z", to: "9999-01-01T00:00:00Z" };
    expect((await recounted(made, { ...day, repair: true })).repaired).toBe(true);
    expect(await recounted(made, day)).toEqual({ differences: [], repaired: false });
  });

  it("repairs while other sessions write, and loses nothing", async () => {
    const made = await filled();
    await spoil(made, "update evt.day_total set sum = sum + 1 where per = 's'");
    const writing = Promise.all(
      Array.from({ length: 20 }, () => insert(made.store, recordsOf(5, { timestamp: AT }))),
    );
    for (let n = 0; n < 5; n++) await recounted(made, { repair: true });
    await writing;
    expect(await recounted(made)).toEqual({ differences: [], repaired: false });
    expect(await counted(made.store)).toBe(103);
  });

  it.each([
    [{ from: "2026-02-01T00:00:01Z" }, "from is 2026-02-01T00:00:01.000Z; it must be a full quarter hour"],
    [{ to: "tomorrow" }, 'to: "tomorrow"'],
    [{ from: "2026-02-30" }, 'from: timestamp "2026-02-30"'],
    [{ from: "2026-02-01T00:00:00.000001Z" }, "it must be a full quarter hour"],
    [{ to: DAY.from }, "the range must end after it begins"],
    [{ from: DAY.to, to: DAY.from }, "the range must end after it begins"],
    [{ repar: true }, 'no option "repar"'],
  ] as [object, string][])("refuses %j", async (options, message) => {
    await expect(recounted(await fixture({ reused: true }), options)).rejects.toThrow(message);
  });
});
