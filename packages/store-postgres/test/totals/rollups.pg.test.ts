import type { AggregateQuery } from "@evt/core/store";
import { describe, expect, it } from "vitest";
import { type Fixture, fixture } from "../fixture.js";
import { insert, patient, recordOf, TENANT } from "../records.js";
import { folded } from "./folded.js";

/** Returns the totals of a range, or of everything. */
async function totals({ store }: Fixture, asked: Partial<AggregateQuery> = {}) {
  const query = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 10, ...asked };
  const rows = await store.aggregate(query, patient());
  return [...rows]
    .sort((left, right) => left.bucket - right.bucket)
    .map(({ count, sum }) => `${count}: ${sum}`);
}

/** Adds to a day's total of a grouping, but not to its cells, so that a result shows whether it was read. */
async function spoilDay({ admin, schema }: Fixture, per = "a"): Promise<void> {
  const text = `update ${schema}.day_total set sum = sum + 1000 where per = $1`;
  expect((await admin.query(text, [per])).rowCount).toBe(1);
}

/** Adds to the cell of a quarter hour, but not to the day's total. */
async function spoilQuarter({ admin, schema }: Fixture, quarter: number, per = "a"): Promise<void> {
  const place = "array_position(quarters, $1::int2)";
  const text = `update ${schema}.day_total set sums[${place}] = sums[${place}] + 1000 where per = $2`;
  expect((await admin.query(text, [quarter, per])).rowCount).toBe(1);
}

const events = ["12:00", "12:14", "12:15", "12:29", "12:30", "12:44"].map(
  (time) => `2026-02-01T${time}:00.000Z`,
);

async function filled(): Promise<Fixture> {
  const made = await fixture({ reused: true });
  await insert(
    made.store,
    events.map((timestamp) => recordOf({ timestamp })),
  );
  await folded(made);
  return made;
}

type Case = [how: string, range: object, expected: string[]];

describe("a quarter hour", () => {
  const quarters = ["12:00", "12:15", "12:30"].map((time) => `2026-02-01T${time}:00.000Z`);

  async function spoilt(): Promise<Fixture> {
    const made = await filled();
    await spoilQuarter(made, 49);
    return made;
  }

  it.each([
    ["from its beginning to its end", { from: quarters[1], to: quarters[2] }, ["2: 1002"]],
    [
      "with an earlier start, if no longer span fits",
      { from: quarters[0], to: "2026-02-01T12:45:00.000Z" },
      ["6: 1006"],
    ],
    ["by a range that splits its neighbours", { from: events[1], to: events[5] }, ["4: 1004"]],
    [
      "by buckets that begin and end with quarter hours",
      { from: quarters[0], to: quarters[2], buckets: quarters.slice(0, 2) },
      ["2: 2", "2: 1002"],
    ],
  ] as Case[])("is read from its rollup %s", async (_, range, expected) => {
    expect(await totals(await spoilt(), range)).toEqual(expected);
  });

  it.each([
    [
      "by a range that begins a microsecond within it",
      { from: "2026-02-01T12:15:00.000001Z", to: quarters[2] },
      ["1: 1"],
    ],
    ["by a range that ends within it", { from: quarters[1], to: events[3] }, ["1: 1"]],
    ["by a range within it", { from: events[2], to: events[3] }, ["1: 1"]],
    [
      "by a bucket that begins within it",
      { from: quarters[0], to: quarters[2], buckets: [quarters[0], events[3]] },
      ["3: 3", "1: 1"],
    ],
  ] as Case[])("is read from its events %s", async (_, range, expected) => {
    expect(await totals(await spoilt(), range)).toEqual(expected);
  });

  it("is not read if a longer span that contains it is", async () => {
    expect(await totals(await spoilt())).toEqual(["6: 6"]);
  });
});

describe("a day's total is read if the day fits:", () => {
  it.each([
    ["one day", { from: "2026-01-31T18:30:00.000Z", to: "2026-02-02T18:30:00.000Z" }],
    ["later than an instant", { from: "2026-01-15T00:00:00.001Z" }],
    ["of all time", {}],
  ])("%s", async (_, range) => {
    const made = await filled();
    await spoilDay(made);
    expect(await totals(made, range)).toEqual(["6: 1006"]);
  });
});

describe("the query decides which grouping is read:", () => {
  const client = { clientId: "client" };
  const metric = { metric: "metric" };
  const quarter = { from: "2026-02-01T12:15:00.000Z", to: "2026-02-01T12:30:00.000Z" };
  it.each([
    ["nothing", {}, "a"],
    ["clients", { byClientId: true }, "s"],
    ["one client", client, "s"],
    ["metrics", { byMetric: true }, "m"],
    ["one metric", metric, "m"],
    ["both", { byClientId: true, byMetric: true }, "s"],
    ["one client's metrics", { ...client, byMetric: true }, "s"],
    ["one metric's clients", { ...metric, byClientId: true }, "s"],
    ["one client's one metric", { ...client, ...metric }, "s"],
    ["metrics in a quarter hour", { ...quarter, byMetric: true }, "m"],
    ["clients in a quarter hour", { ...quarter, byClientId: true }, "s"],
    ["one client in a quarter hour", { ...quarter, ...client }, "s"],
  ] as [string, Partial<AggregateQuery>, string][])("%s", async (_, asked, per) => {
    const made = await filled();
    const before = await totals(made, asked);
    await (asked.from === undefined ? spoilDay(made, per) : spoilQuarter(made, 49, per));
    const count = asked.from === undefined ? 6 : 2;
    expect([before, await totals(made, asked)]).toEqual([
      [`${count}: ${count}`],
      [`${count}: ${count + 1000}`],
    ]);
  });
});

describe("a tally that is not folded yet", () => {
  it("counts equally before and after it is folded", async () => {
    const made = await filled();
    await insert(made.store, [recordOf({ timestamp: events[2]!, amount: "10.5" })]);
    const ranges = [
      {},
      { from: "2026-02-01T12:15:00.000Z", to: "2026-02-01T12:30:00.000Z" },
      { from: "2026-02-01T12:15:00.000001Z" },
    ];
    const before = await Promise.all(ranges.map((range) => totals(made, range)));
    expect(before).toEqual([["7: 16.5"], ["3: 12.5"], ["3: 3"]]);
    expect(await folded(made)).toBe(1);
    expect(await Promise.all(ranges.map((range) => totals(made, range)))).toEqual(before);
  });
});
