import { type ObligationId, type StoreHarness, storeTests } from "@evt/store-conformance";
import { describeStore } from "@evt/store-conformance/vitest";
import { maintain, PostgresStore, retain } from "@evt/store-postgres";
import { describe, it } from "vitest";
import { depth } from "../../../test/setup/depth.js";
import { createFixture } from "./fixture.js";
import { arrivedLongAgo } from "./upkeep/arrived-long-ago.js";
import { WAYS } from "./watched-pool.js";

// Created in advance, as in production. If Postgres cached the plan of a list before a month had its partition, the
// plan does not read that partition. But its snapshot already shows the failures that events in the partition
// resolved.
const months = { now: new Date("2026-03-01T12:00:00.000Z"), monthsAhead: 1 };

/** Lists, ordered totals and names do not depend on the way to insert. In the short form, one way tests them. */
const READS: ReadonlySet<ObligationId> = new Set(["S10", "S20", "S23"]);

// The tests' records set when claims lapse. lapsing-clock.pg.test.ts tests Postgres's clock.
for (const [index, [way, wrap]] of WAYS.entries()) {
  const name = `PostgresStore, inserting ${way}`;
  const harness: StoreHarness = {
    model: { runs: depth(25, 100) },
    create: async () => {
      const { schema, pool, admin, store, dispose } = await createFixture({
        months,
        wrap,
        clock: "caller",
        reused: true,
      });
      return {
        store,
        replay: store,
        dispose,
        reopen: async () => {
          await store.close();
          return new PostgresStore({ pool: wrap(pool), schema, clock: "caller" });
        },
        prune: async () => {
          await arrivedLongAgo({ admin, schema });
          await retain(admin, { schema, before: "2026-04-01T00:00:00Z" });
        },
        upkeep: async () => {
          await maintain(admin, { schema, monthsAhead: 0 });
        },
        poison: (record) => ({ ...record, rawJson: "{" }),
      };
    },
  };
  if (depth(index === 0, true)) describeStore(name, harness);
  else
    describe(name, () => {
      for (const test of storeTests) if (!READS.has(test.id)) it(test.title, () => test.run(harness));
    });
}
