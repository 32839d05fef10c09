import assert from "node:assert/strict";
import type { AggregateQuery, EventRecord } from "@evt/core/store";
import { AWKWARD_TEXTS, EDGE_AMOUNTS, EDGE_TIMES } from "../edge-values.js";
import { expectedTotals } from "../model/expected-totals.js";
import { assertSameRows } from "../same-rows.js";
import { storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const ALL: AggregateQuery = { tenantId: TENANT, byClientId: false, byMetric: false, limit: 1_000 };

const GROUPINGS = [
  { byClientId: false, byMetric: false },
  { byClientId: true, byMetric: false },
  { byClientId: false, byMetric: true },
  { byClientId: true, byMetric: true },
];

export const totals = [
  storeTest("S11", "sums, minimum and maximum are exact to the last digit", async (t) => {
    const cases: readonly (readonly [amounts: readonly string[], sum: string, min: string, max: string])[] = [
      [["0.1", "0.2"], "0.3", "0.1", "0.2"],
      [["1.5", "0.5", "3"], "5", "0.5", "3"],
      [["9", "10"], "19", "9", "10"],
      [["9", "10", "-2", "-10"], "7", "-10", "10"],
      [["-0.5", "0.5"], "0", "-0.5", "0.5"],
      [["0", "0"], "0", "0", "0"],
      [["9007199254740993", "9007199254740993"], "18014398509481986", "9007199254740993", "9007199254740993"],
      [["0.000000000000000001", "1"], "1.000000000000000001", "0.000000000000000001", "1"],
      [["100", "0.000000000000000001"], "100.000000000000000001", "0.000000000000000001", "100"],
      [
        ["-99999999999999999999.999999999999999999", "-0.000000000000000001"],
        "-100000000000000000000",
        "-99999999999999999999.999999999999999999",
        "-0.000000000000000001",
      ],
      [Array<string>(11).fill("9".repeat(38)), `10${"9".repeat(36)}89`, "9".repeat(38), "9".repeat(38)],
    ];
    for (const [index, [amounts, sum, min, max]] of cases.entries()) {
      const clientId = `client ${index}`;
      await t.insert(...amounts.map((amount) => t.record({ clientId, amount })));
      const expected = [
        { bucket: 0, clientId: null, metric: null, unit: null, count: amounts.length, sum, min, max },
      ];
      assert.deepEqual(await t.totals({ clientId }), expected, amounts.join(" + "));
    }
  }),

  storeTest("S11", "the totals of every filter and grouping equal the fold over the events", async (t) => {
    const records = await fill(t);
    const clients = [{}, { clientId: "a" }, { clientId: "missing" }];
    const metrics = [{}, { metric: "n" }];
    for (const grouping of GROUPINGS) {
      for (const client of clients) {
        for (const metric of metrics)
          await assertFold(t, records, { ...ALL, ...grouping, ...client, ...metric });
      }
    }
  }),

  storeTest("S11", "a range is half-open and exact, even if it splits a quarter hour anywhere", async (t) => {
    const records = await fill(t);
    const edges = EDGE_TIMES.slice(4, 14);
    for (const [index, from] of edges.entries()) {
      await assertFold(t, records, { ...ALL, from });
      await assertFold(t, records, { ...ALL, to: from });
      for (const to of edges.slice(index)) {
        await assertFold(t, records, { ...ALL, from, to });
        await assertFold(t, records, { ...ALL, from, to, byClientId: true, byMetric: true });
      }
    }
  }),

  storeTest(
    "S11",
    "an event at a range's end is in the range that begins there, to the microsecond",
    async (t) => {
      const times = [
        "2024-03-01T00:00:00.000Z",
        "2024-03-01T00:00:00.000001Z",
        "2024-03-01T00:00:00.001Z",
      ] as const;
      await t.insert(...times.map((timestamp) => t.record({ timestamp })));
      const [first, second, third] = times;
      assert.equal(await t.counted({ from: first, to: second }), 1);
      assert.equal(await t.counted({ from: second, to: third }), 1);
      assert.equal(await t.counted({ from: first, to: third }), 2);
      assert.equal(await t.counted({ from: second }), 2);
      assert.equal(await t.counted({ to: second }), 1);
      assert.equal(await t.counted({ from: "2024-03-01T00:00:00.000002Z" }), 1);
      assert.equal(await t.counted({ from: second, to: second }), 0);
    },
  ),

  storeTest(
    "S11",
    "buckets of any length contain the events of their time; empty buckets are omitted",
    async (t) => {
      const records = await fill(t);
      const from = "2024-02-29T00:00:00.000Z";
      const to = "2024-03-01T00:30:00.000Z";
      const cuts = [
        [],
        ["2024-03-01T00:00:00.000Z"],
        [
          "2024-02-29T01:00:00.000Z",
          "2024-02-29T02:00:00.000Z",
          "2024-03-01T00:00:00.000Z",
          "2024-03-01T00:15:00.000Z",
        ],
        ["2024-02-29T23:59:59.999Z", "2024-02-29T23:59:59.999999Z", "2024-03-01T00:00:00.000001Z"],
        ["2024-03-01T00:07:13.000Z", "2024-03-01T00:22:30.500Z", "2024-03-01T00:22:30.500100Z"],
      ];
      for (const cut of cuts) {
        for (const grouping of GROUPINGS) {
          await assertFold(t, records, { ...ALL, ...grouping, from, to, buckets: [from, ...cut] });
          await assertFold(t, records, {
            ...ALL,
            ...grouping,
            from,
            to,
            buckets: [from, ...cut],
            clientId: "a",
            metric: "m",
          });
        }
      }
    },
  ),

  storeTest(
    "S11",
    "a bucket that begins within a quarter hour contains the events from its start on",
    async (t) => {
      const times = ["2024-03-01T00:02:00.000Z", "2024-03-01T00:07:00.000Z", "2024-03-01T00:12:00.000Z"];
      await t.insert(...times.map((timestamp, index) => t.record({ timestamp, amount: `${index + 1}` })));
      const buckets = ["2024-03-01T00:01:00.000Z", "2024-03-01T00:03:00.000Z", "2024-03-01T00:07:00.000Z"];
      const rows = await t.totals({ from: buckets[0] ?? "", to: "2024-03-01T00:12:00.000Z", buckets });
      const row = { clientId: null, metric: null, unit: null, count: 1 };
      const expected = [
        { ...row, bucket: 0, sum: "1", min: "1", max: "1" },
        { ...row, bucket: 2, sum: "2", min: "2", max: "2" },
      ];
      assertSameRows(rows, expected, ALL.limit, "three buckets, one of them empty");
    },
  ),

  storeTest("S11", "groups are distinguished by code point", async (t) => {
    const records = AWKWARD_TEXTS.flatMap((text) => [
      t.record({ clientId: text }),
      t.record({ metric: text }),
    ]);
    records.push(t.record({ clientId: "a-b", metric: "c" }), t.record({ clientId: "a", metric: "b-c" }));
    await t.insert(...records);
    for (const grouping of GROUPINGS) await assertFold(t, records, { ...ALL, ...grouping });
    for (const text of AWKWARD_TEXTS) {
      await assertFold(t, records, { ...ALL, clientId: text, byMetric: true });
      await assertFold(t, records, { ...ALL, metric: text, byClientId: true });
    }
  }),

  storeTest("S11", "there are at most `limit` rows, and each is complete", async (t) => {
    const records = await fill(t);
    const groups = expectedTotals(records.map(storedOf), { ...ALL, byClientId: true, byMetric: true }).length;
    for (const limit of [1, 2, groups - 1, groups, groups + 1]) {
      await assertFold(t, records, { ...ALL, byClientId: true, byMetric: true, limit });
    }
  }),

  storeTest("S11", "without events there are no rows", async (t) => {
    await t.park(
      t.rejected({ clientId: "a", amount: "1", metric: "m", timestamp: "2024-03-01T00:00:00.000Z" }),
    );
    assert.deepEqual(await t.totals(), []);
    assert.deepEqual(await t.totals({ byClientId: true, byMetric: true }), []);
    await t.insert(t.record());
    assert.deepEqual(await t.totals({ clientId: "missing" }), []);
  }),

  storeTest("S11", "totals equal the fold over the events after many concurrent writes", async (t) => {
    const calls = Array.from({ length: 12 }, (_, call) =>
      EDGE_TIMES.slice(4, 14).map((timestamp, index) =>
        t.record({
          timestamp,
          amount: EDGE_AMOUNTS[(call + index) % EDGE_AMOUNTS.length] ?? "1",
          clientId: `client ${call % 3}`,
        }),
      ),
    );
    await Promise.all(calls.map((records) => t.insert(...records)));
    const records = calls.flat();
    for (const grouping of GROUPINGS) await assertFold(t, records, { ...ALL, ...grouping });
    await assertFold(t, records, {
      ...ALL,
      from: "2024-03-01T00:07:00.000Z",
      to: "2024-03-01T00:22:30.500Z",
    });
  }),
];

/** Inserts events with the extreme times and amounts, for two clients and two metrics. */
async function fill(t: Trial): Promise<readonly EventRecord[]> {
  const records = EDGE_TIMES.flatMap((timestamp, index) =>
    [0, 1, 2].map((shift) =>
      t.record({
        timestamp,
        amount: EDGE_AMOUNTS[(3 * index + shift) % EDGE_AMOUNTS.length] ?? "1",
        clientId: (index + shift) % 2 === 0 ? "a" : "b",
        metric: (index + shift) % 3 === 0 ? "m" : "n",
      }),
    ),
  );
  await t.insert(...records);
  return records;
}

async function assertFold(t: Trial, records: readonly EventRecord[], query: AggregateQuery): Promise<void> {
  const rows = await t.store.aggregate(query, t.call);
  assertSameRows(rows, expectedTotals(records.map(storedOf), query), query.limit, JSON.stringify(query));
}
