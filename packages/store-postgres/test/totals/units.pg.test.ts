import type { AggregateQuery, EventRecord } from "@evt/core/store";
import { maintain, recount, retain } from "@evt/store-postgres";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { again, insert, patient, recordOf, TENANT } from "../records.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";
import { folded } from "./folded.js";

const MARCH = "2026-03-15T12:00:00.000Z";
const APRIL = "2026-04-02T12:00:00.000Z";
const MONTHS = { now: new Date("2026-03-01T00:00:00Z"), monthsAhead: 3 };
const ALL = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 100 };
const YEAR = { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };

async function totals({ store }: Fixture, asked: Partial<AggregateQuery> = {}): Promise<readonly string[]> {
  const rows = await store.aggregate({ ...ALL, ...asked }, patient());
  return rows
    .map(({ unit, dimensions = [], count, sum }) => [unit, ...dimensions, count, sum].map(String).join(" "))
    .sort();
}

/** Events of two units and of none, of March and April. */
function events(): readonly EventRecord[] {
  const march = { receivedAt: MARCH, timestamp: "2026-03-15T11:50:00.000Z" };
  const april = { receivedAt: APRIL, timestamp: "2026-04-02T11:50:00.000Z" };
  return [
    recordOf({ ...march, amount: "1", unit: "EUR", dimensions: { plan: "pro" } }),
    recordOf({ ...march, amount: "2", unit: "USD", dimensions: { plan: "pro" } }),
    recordOf({ ...march, amount: "4" }),
    recordOf({ ...april, amount: "8", unit: "EUR", dimensions: { plan: "free" } }),
    recordOf({ ...april, amount: "16", unit: "EUR", dimensions: { plan: "pro" } }),
  ];
}

const SUMS = ["EUR 3 25", "USD 1 2", "null 1 4"];

async function filled(): Promise<Fixture> {
  const made = await fixture({ months: MONTHS, reused: true });
  await insert(made.store, events());
  return made;
}

async function query({ admin, schema }: Fixture, text: string): Promise<readonly Record<string, unknown>[]> {
  return (await admin.query(text.replaceAll("evt.", `${schema}.`))).rows;
}

describe("totals by unit", () => {
  it("are the same before and after folding, and each equals its events", async () => {
    const made = await filled();
    expect(await totals(made)).toEqual(SUMS);
    const { schema, admin } = made;
    expect((await recount(admin, { schema, ...YEAR })).differences).toEqual([]);
    await folded(made);
    expect(await totals(made)).toEqual(SUMS);
    expect(await totals(made, { unit: "EUR", from: "2026-04-01T00:00:00.000Z" })).toEqual(["EUR 2 24"]);
    expect(await totals(made, { unit: null })).toEqual(["null 1 4"]);
    expect(await totals(made, { byMetric: true, clientId: "client", unit: "USD" })).toEqual(["USD 1 2"]);
    expect((await recount(admin, { schema, ...YEAR })).differences).toEqual([]);
  });

  it("are the same in sealed months, and late events add to them by their units", async () => {
    const made = await filled();
    const { schema, admin } = made;
    await folded(made);
    await maintain(admin, { schema, monthsAhead: 0, now: new Date("2026-06-01T00:00:00Z") });
    expect(await query(made, "select count(*)::int from evt.month_total")).toEqual([{ count: 4 }]);
    const year = { byClientId: true, from: "2026-01-01T00:00:00.000Z", to: "2027-01-01T00:00:00.000Z" };
    expect(await totals(made, year)).toEqual(SUMS);
    expect(await totals(made, { ...year, unit: "EUR" })).toEqual(["EUR 3 25"]);
    expect(await totals(made, { ...year, unit: null })).toEqual(["null 1 4"]);
    const late = { receivedAt: APRIL, timestamp: "2026-03-20T00:00:00.000Z", unit: "USD" };
    await insert(made.store, [recordOf({ ...late, amount: "32" })]);
    await folded(made);
    expect(await totals(made, { ...year, unit: "USD" })).toEqual(["USD 2 34"]);
    expect((await recount(admin, { schema, ...YEAR })).differences).toEqual([]);
  });

  it("are kept apart by an insert that finds taken claims", async () => {
    const made = await fixture({ reused: true });
    const [first, ...others] = events();
    await insert(made.store, [first as EventRecord]);
    const sent = [again(first as EventRecord), ...others];
    expect(await insert(made.store, sent)).toEqual(["taken", ...others.map(() => "inserted")]);
    expect(await totals(made)).toEqual(SUMS);
    await folded(made);
    expect(await totals(made)).toEqual(SUMS);
  });

  it("are repaired by their units", async () => {
    const made = await filled();
    await folded(made);
    await query(made, "update evt.day_total set sum = sum + 100 where unit = 'USD' and per = 's'");
    const { schema, admin } = made;
    const { differences } = await recount(admin, { schema, ...YEAR, repair: true });
    expect(new Set(differences.map(({ unit }) => unit))).toEqual(new Set(["USD"]));
    expect(await totals(made)).toEqual(SUMS);
    expect((await recount(admin, { schema, ...YEAR })).differences).toEqual([]);
  });

  it("remain when their events are pruned; totals by dimensions of these events are refused", async () => {
    const made = await filled();
    await folded(made);
    await arrivedLongAgo(made);
    await retain(made.admin, { schema: made.schema, before: "2026-04-01T00:00:00Z" });
    expect(await totals(made)).toEqual(SUMS);
    const byDimensions = ["plan"];
    const april = { from: "2026-04-01T00:00:00.000Z" };
    expect(await totals(made, { byDimensions, ...april })).toEqual(["EUR free 1 8", "EUR pro 1 16"]);
    const march = { to: "2026-03-15T11:45:00.000Z" };
    expect(await totals(made, { byDimensions, ...march })).toEqual([]);
    for (const asked of [{ byDimensions }, { dimensions: { plan: null } }, { byDimensions, to: MARCH }]) {
      await expect(totals(made, asked)).rejects.toMatchObject({
        code: "EVT_PRUNED",
        message:
          "totals by dimensions are computed from events, and events of the quarter hour of 2026-03-15T11:45:00.000000Z were pruned; begin the range after them, or leave the dimensions out",
      });
    }
  });
});

describe("an event without a unit and dimensions", () => {
  it("takes no space for them", async () => {
    const made = await fixture({ reused: true });
    await insert(made.store, [recordOf(), recordOf({ tenantId: "other", unit: "EUR" })]);
    await insert(made.store, [recordOf()]);
    expect(await query(made, "select units, count(*)::int from evt.tally group by 1 order by 1")).toEqual([
      { units: ["EUR"], count: 1 },
      { units: null, count: 2 },
    ]);
    const columns = "select unit, dimensions::text, count(*)::int from evt.event group by 1, 2 order by 1";
    expect(await query(made, columns)).toEqual([
      { unit: "EUR", dimensions: null, count: 1 },
      { unit: null, dimensions: null, count: 2 },
    ]);
  });
});
