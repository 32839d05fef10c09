import assert from "node:assert/strict";
import type { AggregateOrder, AggregateQuery, AggregateRow, EventRecord } from "@evt/core/store";
import { AWKWARD_TEXTS, EDGE_AMOUNTS } from "../edge-values.js";
import { expectedTotalsPage, positionOf } from "../model/expected-order.js";
import { expectedTotals } from "../model/expected-totals.js";
import { SORTED_BY_CODE_POINT, storedOf, TENANT } from "../samples.js";
import { storeTest } from "../store-test.js";
import type { Trial } from "../trial.js";

const FROM = "2024-03-01T00:00:00.000Z";
const BUCKETS = [FROM, "2024-03-01T00:15:00.000Z", "2024-03-01T00:37:00.000Z"];
const TO = "2024-03-01T01:00:00.000Z";
const BY_BOTH = { tenantId: TENANT, byClientId: true, byMetric: true, limit: 1_000 };

const MEASURES = ["count", "sum", "min", "max"] as const;
const DIRECTIONS = ["asc", "desc"] as const;

export const orderedTotals = [
  storeTest(
    "S20",
    "rows are in the exact order, for every order and grouping, in pages of any size",
    async (t) => {
      const records = await fill(t);
      for (const query of groupings()) {
        const all = expectedTotals(records.map(storedOf), query);
        for (const order of ordersOf(query)) {
          const expected = expectedTotalsPage(all, order, { ...query, limit: all.length });
          for (const limit of [1, 3, all.length, all.length + 1]) {
            const walked = await walk(t, { ...query, order, limit });
            assert.deepEqual(walked, expected, `${JSON.stringify({ ...query, order })} in pages of ${limit}`);
          }
        }
      }
    },
  ),

  storeTest("S20", "dimensions are sorted by code point, and absent ones come first", async (t) => {
    const values = [null, ...SORTED_BY_CODE_POINT];
    await t.insert(
      ...[...values].reverse().flatMap((plan, index) => [
        t.record({
          clientId: `c${index}`,
          metric: "m",
          amount: "1",
          dimensions: plan === null ? null : { plan },
        }),
        t.record({
          clientId: "c",
          metric: "m",
          amount: "2",
          dimensions: { ...(plan && { plan }), region: "x" },
        }),
      ]),
    );
    const query = {
      ...BY_BOTH,
      byClientId: false,
      byMetric: false,
      byDimensions: ["plan", "region"],
      limit: 3,
    };
    const of = (rows: readonly AggregateRow[]) => rows.map(({ dimensions = [] }) => dimensions[0]);
    const order = { by: "dimension.plan", direction: "asc" } as const;
    const twice = values.flatMap((value) => [value, value]);
    assert.deepEqual(of(await walk(t, { ...query, order })), twice);
    assert.deepEqual(
      of(await walk(t, { ...query, order: { ...order, direction: "desc" } })),
      [...twice].reverse(),
      "descending",
    );
    const regions = await walk(t, { ...query, order: { by: "dimension.region", direction: "desc" } });
    assert.deepEqual(of(regions), [...values, ...values], "plans decide between equal regions, ascending");
  }),

  storeTest("S20", "amounts are compared as numbers, to the last of 38 digits", async (t) => {
    const amounts = [...EDGE_AMOUNTS, "1.000000000000000001", "9007199254740992", "9007199254740994"];
    await t.insert(
      ...amounts.map((amount, index) => t.record({ clientId: `client ${index}`, metric: "m", amount })),
    );
    const sorted = [
      "-99999999999999999999999999999999999999",
      "-99999999999999999999.999999999999999999",
      ...["-10", "-1", "-0.5", "-0.000000000000000001", "0", "0.000000000000000001", "0.1", "0.2", "1"],
      ...["1.000000000000000001", "9", "10", "9007199254740992", "9007199254740993", "9007199254740994"],
      "99999999999999999999.999999999999999999",
      "99999999999999999999999999999999999999",
    ];
    for (const by of ["sum", "min", "max"] as const) {
      const up = await walk(t, { ...BY_BOTH, order: { by, direction: "asc" }, limit: 4 });
      assert.deepEqual(
        up.map((row) => row[by]),
        sorted,
        `${by}, ascending`,
      );
      const down = await walk(t, { ...BY_BOTH, order: { by, direction: "desc" }, limit: 4 });
      assert.deepEqual(
        down.map((row) => row[by]),
        [...sorted].reverse(),
        `${by}, descending`,
      );
    }
  }),

  storeTest("S20", "clients and metrics are sorted by code point", async (t) => {
    const texts = SORTED_BY_CODE_POINT;
    await t.insert(
      ...[...texts].reverse().map((text) => t.record({ clientId: text, metric: text, amount: "1" })),
    );
    for (const by of ["clientId", "metric"] as const) {
      const keys = { byClientId: by === "clientId", byMetric: by === "metric" };
      const query = { ...BY_BOTH, ...keys, limit: 5 };
      const of = (rows: readonly AggregateRow[]) => rows.map((row) => row[by]);
      assert.deepEqual(of(await walk(t, { ...query, order: { by, direction: "asc" } })), texts, by);
      assert.deepEqual(
        of(await walk(t, { ...query, order: { by, direction: "desc" } })),
        [...texts].reverse(),
        `${by}, descending`,
      );
      assert.deepEqual(
        of(await walk(t, { ...query, order: { by: "sum", direction: "desc" } })),
        texts,
        `${by} decides between equal sums, ascending`,
      );
    }
  }),

  storeTest("S20", "a position may contain any valid strings", async (t) => {
    const records = AWKWARD_TEXTS.map((text) => t.record({ clientId: text, metric: "m", amount: "1" }));
    await t.insert(...records);
    const all = expectedTotals(records.map(storedOf), BY_BOTH);
    const order = { by: "count", direction: "desc" } as const;
    const walked = await walk(t, { ...BY_BOTH, order, limit: 7 });
    assert.deepEqual(walked, expectedTotalsPage(all, order, BY_BOTH));
  }),

  storeTest("S20", "a page begins after its position, even if no group has this position", async (t) => {
    const amounts = ["1", "2", "3", "4"];
    await t.insert(...amounts.map((amount) => t.record({ clientId: `c${amount}`, metric: "m", amount })));
    const order = { by: "sum", direction: "desc" } as const;
    const after = (value: string, clientId: string) => ({
      bucket: 0,
      clientId,
      metric: "m",
      unit: null,
      value,
    });
    const clients = async (position: ReturnType<typeof after>) =>
      (await t.totals({ ...BY_BOTH, order, after: position })).map(({ clientId }) => clientId);
    assert.deepEqual(await clients(after("3", "c3")), ["c2", "c1"], "a page after a group");
    assert.deepEqual(
      await clients(after("3", "c2")),
      ["c3", "c2", "c1"],
      "a page after a position with an equal value",
    );
    assert.deepEqual(
      await clients(after("3.5", "gone")),
      ["c3", "c2", "c1"],
      "a page after a position between two values",
    );
    assert.deepEqual(await clients(after("0", "c1")), [], "a page after the last group");
    await t.insert(t.record({ clientId: "c1", metric: "m", amount: "10" }));
    assert.deepEqual(
      await clients(after("3", "c3")),
      ["c2"],
      "a page after a group has moved to an earlier page",
    );
  }),

  storeTest(
    "S20",
    "pages that are sorted by a key contain each group once, even while totals change",
    async (t) => {
      const clients = Array.from({ length: 9 }, (_, index) => `c${index}`);
      await t.insert(...clients.map((clientId) => t.record({ clientId, metric: "m", amount: "1" })));
      const order = { by: "clientId", direction: "desc" } as const;
      const walked = await walk(t, { ...BY_BOTH, order, limit: 2 }, async () => {
        await t.insert(...clients.map((clientId) => t.record({ clientId, metric: "m", amount: "7" })));
      });
      assert.deepEqual(
        walked.map(({ clientId }) => clientId),
        [...clients].reverse(),
      );
    },
  ),
];

/** Reads pages until one is not full. Calls `between` after each full page. */
async function walk(
  t: Trial,
  query: AggregateQuery & { readonly order: AggregateOrder },
  between: () => Promise<void> = async () => {},
): Promise<readonly AggregateRow[]> {
  const walked: AggregateRow[] = [];
  for (let page = 0; page < 200; page++) {
    const last = walked.at(-1);
    const after = last === undefined ? {} : { after: positionOf(last, query.order) };
    const rows = await t.store.aggregate({ ...query, ...after }, t.call);
    walked.push(...rows);
    if (rows.length < query.limit) return walked;
    await between();
  }
  assert.fail(`the pages of ${JSON.stringify(query)} end`);
}

function groupings(): readonly AggregateQuery[] {
  const both = [true, false];
  const keys = both.flatMap((byClientId) => both.map((byMetric) => ({ ...BY_BOTH, byClientId, byMetric })));
  return keys.flatMap((query) => [query, { ...query, from: FROM, to: TO, buckets: BUCKETS }]);
}

function ordersOf({ byClientId, byMetric }: AggregateQuery): readonly AggregateOrder[] {
  const keys = [...(byClientId ? ["clientId" as const] : []), ...(byMetric ? ["metric" as const] : [])];
  const values = [...MEASURES, "bucket" as const, ...keys];
  return values.flatMap((by) => DIRECTIONS.map((direction) => ({ by, direction })));
}

/** Inserts events so that many groups have equal counts, sums, or both. */
async function fill(t: Trial): Promise<readonly EventRecord[]> {
  const minutes = [0, 7, 15, 20, 36, 37, 59];
  const amounts = ["1", "-1", "0.5", "10", "9", "1"];
  const records = minutes.flatMap((minute, index) =>
    ["a", "B", "é"].flatMap((clientId, client) =>
      ["m", "n"].map((metric, other) =>
        t.record({
          clientId,
          metric,
          amount: amounts[(index + client + other) % amounts.length] ?? "1",
          timestamp: new Date(Date.parse(FROM) + minute * 60_000).toISOString(),
        }),
      ),
    ),
  );
  await t.insert(...records);
  return records;
}
