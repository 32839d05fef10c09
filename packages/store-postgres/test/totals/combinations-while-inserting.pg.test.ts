import type { AggregateQuery, TotalsSource } from "@evt/core/store";
import { PostgresStore, recount } from "@evt/store-postgres";
import { expect, it } from "vitest";
import { depth } from "../../../../test/setup/depth.js";
import { onConnection } from "../../src/connection/transaction.js";
import { buildCombinations } from "../../src/upkeep/build-combinations.js";
import { foldAll } from "../../src/upkeep/fold-all.js";
import { fixture } from "../fixture.js";
import { insert, patient, recordOf, TENANT } from "../records.js";

const QUERY: AggregateQuery = {
  tenantId: TENANT,
  byClientId: false,
  byMetric: false,
  byDimensions: ["plan"],
  limit: 100,
};
const PLANS = [null, { plan: "a" }, { plan: "b", region: "eu" }];
const RANGE = { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" };
const BATCHES = depth(60, 600);

it("each event is in the totals exactly once while processes insert, fold, build the combination, and are ended", async () => {
  const made = await fixture();
  const { admin, pool, schema } = made;
  const stores = [1, 2, 3].map((every) => new PostgresStore({ pool, schema, foldEvery: every * 4 }));
  const counts = { sent: 0, counted: 0 };
  const sources = new Set<TotalsSource>();
  let running = true;

  const batch = (n: number) =>
    Array.from({ length: 20 }, (_, i) =>
      recordOf({
        metric: `m${i % 2}`,
        clientId: `c${i % 5}`,
        dimensions: PLANS[i % PLANS.length] ?? null,
        timestamp: new Date(Date.UTC(2026, 0, 1 + ((n * 7 + i) % 40), i % 24, 5)).toISOString(),
      }),
    );
  async function write(store: PostgresStore): Promise<void> {
    for (let n = 0; n < BATCHES; n++) {
      const records = batch(n);
      counts.sent += records.length;
      await insert(store, records);
      counts.counted += records.length;
      // the others learn of the combination late
      if (n === Math.floor(BATCHES / 4) && store === stores[0])
        store.keepTotals([{ byClientId: false, byMetric: true, byDimensions: ["plan"] }]);
    }
  }
  async function read(): Promise<void> {
    while (running) {
      const before = counts.counted;
      // a new store knows the combinations at once
      const store = new PostgresStore({ pool, schema, foldEvery: 0 });
      const onTotalsFrom = (source: TotalsSource) => sources.add(source);
      const rows = await store.aggregate(QUERY, { ...patient(), onTotalsFrom });
      await store.close();
      const count = rows.reduce((sum, row) => sum + row.count, 0);
      expect(count).toBeGreaterThanOrEqual(before);
      expect(count).toBeLessThanOrEqual(counts.sent);
    }
  }
  const kills = { count: 0 };
  admin.on("error", () => undefined);
  async function build(): Promise<void> {
    while (running) {
      await onConnection(admin, (query) => buildCombinations(schema, query, 100)).catch((error: unknown) => {
        // pg reports the second error if the connection ended between two statements
        if (!/terminat|not queryable/.test(String(error))) throw error;
        kills.count++;
      });
    }
  }
  /** Ends some connections while they fill a gap. */
  async function kill(): Promise<void> {
    while (running)
      await pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where state = 'active' and query ~ '^\\s*with todo' and strpos(query, $1) > 0 and random() < 0.3`,
        [schema],
      );
  }

  const background = [read(), build(), build(), kill()];
  await Promise.all(stores.map(write));
  // gaps of the tallies that did not have the dimensions
  await onConnection(admin, (query) => foldAll(schema, query));
  running = false;
  await Promise.all(background);
  await Promise.all(stores.map((store) => store.close()));
  await onConnection(admin, (query) => buildCombinations(schema, query));

  expect((await recount(admin, { schema, ...RANGE })).differences).toEqual([]);
  const source = { last: "" };
  const rows = await new PostgresStore({ pool, schema }).aggregate(QUERY, {
    ...patient(),
    onTotalsFrom: (last) => Object.assign(source, { last }),
  });
  expect(source.last).toBe("rollups");
  expect(rows.reduce((sum, row) => sum + row.count, 0)).toBe(counts.counted);
  expect(sources).toContain("events");
  expect(kills.count).toBeGreaterThan(0);
}, 120_000);
