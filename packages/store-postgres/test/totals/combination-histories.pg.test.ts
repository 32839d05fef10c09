import type {
  AggregateQuery,
  EventRecord,
  StoredEvent,
  TotalsCombination,
  TotalsSource,
} from "@evt/core/store";
import { isEvtError } from "@evt/core/store";
import { PostgresStore, recount, retain } from "@evt/store-postgres";
import fc from "fast-check";
import { expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { expectedTotals } from "../../../store-conformance/src/model/expected-totals.js";
import { assertSameRows } from "../../../store-conformance/src/same-rows.js";
import { storedOf } from "../../../store-conformance/src/samples.js";
import { onConnection } from "../../src/connection/transaction.js";
import { buildCombinations } from "../../src/upkeep/build-combinations.js";
import { foldAll } from "../../src/upkeep/fold-all.js";
import { createFixture, type Fixture } from "../fixture.js";
import { insert, patient, recordOf, TENANT } from "../records.js";
import { arrivedLongAgo } from "../upkeep/arrived-long-ago.js";

const COMBINATIONS: readonly TotalsCombination[] = [
  { byClientId: false, byMetric: true, byDimensions: ["plan"] },
  { byClientId: false, byMetric: false, byDimensions: ["plan", "region"] },
  { byClientId: true, byMetric: false, byDimensions: ["region"] },
];

/** The months in which events arrive. */
const MONTHS = ["2025-01", "2025-02"];
const TIMES = [
  ...["2024-12-31T23:59:59.999999Z", "2025-01-01T00:00:00.000Z", "2025-01-01T00:14:59.999Z"],
  ...[
    "2025-01-01T00:15:00.000Z",
    "2025-01-01T23:50:00.000Z",
    "2025-01-02T00:00:00.000Z",
    "2025-03-09T10:00:00.000Z",
  ],
];

const anyEvent = fc.record({
  clientId: fc.constantFrom("a", "b"),
  metric: fc.constantFrom("m", "n"),
  amount: fc.constantFrom("1", "-1", "0.1", "99999999999999999999999999999999999999"),
  unit: fc.constantFrom(null, null, "EUR"),
  dimensions: fc.constantFrom(null, { plan: "a" }, { plan: "b", region: "b" }, { region: "b", other: "x" }),
  timestamp: fc.constantFrom(...TIMES),
});

const anyQuery = fc
  .record({
    byClientId: fc.boolean(),
    byMetric: fc.boolean(),
    byDimensions: fc.subarray(["plan", "region"]),
    dimensions: fc.constantFrom({}, {}, { plan: "a" }, { plan: null }, { region: "b", plan: null }),
    filter: fc.constantFrom({}, {}, {}, { clientId: "a" }, { metric: "m" }, { unit: "EUR" }, { unit: null }),
    range: fc.constantFrom(
      ...[{}, {}, { from: TIMES[1] }, { from: TIMES[2] }, { from: TIMES[3], to: TIMES[5] }],
      { from: TIMES[1], to: TIMES[6], buckets: [TIMES[1], TIMES[3], TIMES[5]] },
    ),
  })
  .map(
    ({ filter, range, ...keys }) =>
      ({ tenantId: TENANT, limit: 1_000, ...keys, ...filter, ...range }) as AggregateQuery,
  );

const anyStep = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("insert"),
      events: fc.array(anyEvent, { minLength: 1, maxLength: 5 }),
      store: fc.nat({ max: 2 }),
      arrival: fc.nat({ max: 1 }),
      lapses: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("fold") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("build"), events: fc.constantFrom(1, 3, 20_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop"), index: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("spoil") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("forget the dimensions") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("retain") }) },
);

type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const RANGE = { from: "2024-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" };

class History {
  readonly #made: Fixture;
  /** Each wants one combination, and knows the others late or never. */
  readonly #stores: readonly PostgresStore[];
  readonly #counted: { readonly record: EventRecord; readonly arrival: number }[] = [];
  #isPruned = false;
  answeredFrom = new Set<TotalsSource>();

  constructor(made: Fixture) {
    this.#made = made;
    this.#stores = COMBINATIONS.map((combination) => {
      const store = new PostgresStore({
        pool: made.pool,
        schema: made.schema,
        foldEvery: 0,
        clock: "caller",
      });
      store.keepTotals([combination]);
      return store;
    });
  }

  async run(step: Step): Promise<void> {
    const { admin, schema } = this.#made;
    switch (step.do) {
      case "insert":
        return this.#insert(step);
      case "fold":
        return void (await onConnection(admin, (query) => foldAll(schema, query)));
      case "build":
        return onConnection(admin, (query) => buildCombinations(schema, query, step.events));
      case "drop":
        return void (await admin.query(
          `update ${schema}.combination set wanted_at = '2000-01-01' where by_client = $1 and by_metric = $2`,
          [COMBINATIONS[step.index]?.byClientId, COMBINATIONS[step.index]?.byMetric],
        ));
      case "spoil":
        return this.#spoil();
      case "forget the dimensions":
        // as if a process of an earlier version had inserted
        return void (await admin.query(
          `update ${schema}.tally set dimension_names = null, dimensions = null`,
        ));
      case "retain":
        return this.#retain();
    }
  }

  async #insert({ events, store, arrival, lapses }: Extract<Step, { do: "insert" }>): Promise<void> {
    const receivedAt = `${MONTHS[arrival]}-15T12:00:00.000Z`;
    // a lapsing claim makes the store use its other statement
    const lapsing = {
      lapsesAt: `${MONTHS[arrival]}-15T12:05:00.000Z`,
      identifiedBy: "window",
      idempotencyKey: null,
    } as const;
    const records = events.map((event) => recordOf({ ...event, receivedAt, ...(lapses && lapsing) }));
    expect(new Set(await insert(this.#stores[store] as PostgresStore, records))).toEqual(
      new Set(["inserted"]),
    );
    this.#counted.push(...records.map((record) => ({ record, arrival })));
  }

  async #spoil(): Promise<void> {
    if (this.#isPruned) return;
    const { admin, schema } = this.#made;
    const { rowCount } = await admin.query(
      `update ${schema}.combination_total set sum = sum + 1, sums = array_append(sums[2:], sums[1] + 1)
        where ctid = (select total.ctid from ${schema}.combination_total as total join ${schema}.combination on id = combination limit 1)`,
    );
    const gaps = await admin.query(`select from ${schema}.combination_gap`);
    if (gaps.rowCount === 0 && rowCount !== 0)
      expect((await recount(admin, { schema, ...RANGE })).differences).not.toEqual([]);
    await recount(admin, { schema, ...RANGE, repair: true });
  }

  async #retain(): Promise<void> {
    await arrivedLongAgo(this.#made);
    const { admin, schema } = this.#made;
    await retain(admin, { schema, before: "2025-02-01" });
    this.#isPruned ||= this.#counted.some(({ arrival }) => arrival === 0);
  }

  async check(query: AggregateQuery): Promise<void> {
    const all: StoredEvent[] = this.#counted.map(({ record }) => storedOf(record));
    for (const store of this.#stores) {
      const onTotalsFrom = (source: TotalsSource) => this.answeredFrom.add(source);
      const rows = await store.aggregate(query, { ...patient(), onTotalsFrom }).catch((error: unknown) => {
        if (isEvtError(error, "EVT_PRUNED") && this.#isPruned) return null;
        throw error;
      });
      if (rows !== null) assertSameRows(rows, expectedTotals(all, query), query.limit, JSON.stringify(query));
    }
  }

  async checkAll(): Promise<void> {
    const { admin, schema } = this.#made;
    expect((await recount(admin, { schema, ...RANGE })).differences).toEqual([]);
  }
}

it("totals by dimensions equal the fold over the events, after each step of any history", async () => {
  const steps = fc.array(
    fc.record({ step: anyStep, queries: fc.array(anyQuery, { minLength: 2, maxLength: 2 }) }),
    { minLength: 3, maxLength: 12, size: "max" },
  );
  const sources = new Set<TotalsSource>();
  const property = fc.asyncProperty(steps, async (history) => {
    const made = await createFixture({
      foldEvery: 0,
      reused: true,
      months: { now: new Date("2025-01-01T00:00:00Z") },
    });
    try {
      const tested = new History(made);
      for (const { step, queries } of history) {
        await tested.run(step);
        for (const query of queries) await tested.check(query);
        await tested.checkAll();
      }
      for (const source of tested.answeredFrom) sources.add(source);
    } finally {
      await made.dispose();
    }
  });
  await fc.assert(property, { numRuns: depth(8, 100) });
  expect(sources).toEqual(new Set(["events", "rollups"]));
});
