import { recount } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { counted, insert, recordOf, recordsOf } from "../records.js";
import { folded } from "../totals/folded.js";

const DAY = { from: "2026-02-01T00:00:00Z", to: "2026-02-02T00:00:00Z" };
const AT = "2026-02-01T12:20:00.000Z";

async function filled(): Promise<Fixture> {
  const made = await fixture();
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
    await spoil(made, "update evt.rollup set sum = sum + 1 where span = 'q' and per = 'b'");
    const spoilt = { count: 2, sum: "1.3" };
    const right = { count: 2, sum: "0.3" };
    const all = { tenantId: "acme", clientId: null, metric: null };
    const both = { ...all, clientId: "client", metric: "metric" };
    const sums = { stored: right, counted: spoilt };
    const ofClient = { ...all, clientId: "client" };
    const ofMetric = { ...all, metric: "metric" };
    const longer = (span: string, at: string) => [
      { ...both, ...sums, span, at },
      { ...ofClient, ...sums, span, at },
      { ...ofMetric, ...sums, span, at },
      { ...all, ...sums, span, at },
    ];
    expect((await recounted(made)).differences).toEqual([
      { ...both, span: "quarter", at: "2026-02-01T12:15:00.000Z", stored: spoilt, counted: right },
      { ...ofClient, ...sums, span: "quarter", at: "2026-02-01T12:15:00.000Z" },
      { ...ofMetric, ...sums, span: "quarter", at: "2026-02-01T12:15:00.000Z" },
      { ...all, ...sums, span: "quarter", at: "2026-02-01T12:15:00.000Z" },
      ...longer("three hours", "2026-02-01T12:00:00.000Z"),
      ...longer("day", "2026-02-01T00:00:00.000Z"),
      ...longer("month", "2026-02-01T00:00:00.000Z"),
    ]);
  });

  it.each([
    ["a changed count", "update evt.rollup set count = count + 1 where span = 't'"],
    ["a changed minimum", "update evt.rollup set min = min - 1 where span = 'q'"],
    ["a changed maximum", "update evt.rollup set max = max + 1 where span = 'm'"],
    ["a missing total", "delete from evt.rollup where span = 'q'"],
    ["a missing total of a longer span", "delete from evt.rollup where span = 'd'"],
    ["a changed total of a client", "update evt.rollup set sum = sum + 1 where per = 'c' and span = 't'"],
    ["a changed total of a metric", "update evt.rollup set count = count - 1 where per = 'm' and span = 'q'"],
    ["a missing total of all events", "delete from evt.rollup where per = 'n' and span = 'd'"],
    [
      "a total without events",
      "insert into evt.rollup values ('acme', 'b', 'q', '2026-02-01T23:45:00Z', 'a', 'b', 1, 1, 1, 1)",
    ],
    [
      "a total of a longer span without events",
      "insert into evt.rollup values ('acme', 'n', 't', '2026-02-01T03:00:00Z', '', '', 1, 1, 1, 1)",
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
    await spoil(made, "update evt.rollup set count = count + 1 where span = 'q' and per = 'b'");
    const of = async (from: string, to: string) =>
      (await recounted(made, { from, to })).differences.some(({ span }) => span === "quarter");
    expect(await of("2026-02-01", "2026-02-01")).toBe(true);
    expect(await of("2026-01-31", "2026-01-31")).toBe(false);
    expect(await of("2026-02-01T00:00:00Z", "2026-02-01T12:15:00Z")).toBe(false);
  });

  it("checks only its range and its tenant, but checks longer spans completely", async () => {
    const made = await filled();
    await insert(made.store, [
      recordOf({ timestamp: "2026-02-20T00:00:00.000Z" }),
      recordOf({ tenantId: "globex", timestamp: AT }),
    ]);
    await folded(made);
    await spoil(
      made,
      "update evt.rollup set sum = sum + 1 where at = '2026-02-20T00:00:00Z' and span in ('q', 't', 'd')",
    );
    await spoil(made, "update evt.rollup set sum = sum + 1 where tenant_id = 'globex' and span = 't'");
    const spans = async (options: object) => [
      ...new Set(
        (await recounted(made, options)).differences.map(({ tenantId, span }) => `${tenantId} ${span}`),
      ),
    ];
    expect(await spans({ tenantId: "globex" })).toEqual(["globex three hours"]);
    // the month contains a quarter hour that differs now
    expect(await spans({ tenantId: "acme" })).toEqual(["acme month"]);
    expect(await spans({ tenantId: "nobody" })).toEqual([]);
  });

  it("repairs while other sessions write, and loses nothing", async () => {
    const made = await filled();
    await spoil(made, "update evt.rollup set sum = sum + 1 where span = 'q'");
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
    await expect(recounted(await fixture(), options)).rejects.toThrow(message);
  });
});
