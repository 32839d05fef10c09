import { describeStore } from "@evt/store-conformance/vitest";
import { PostgresStore, retain } from "@evt/store-postgres";
import { createFixture } from "./fixture.js";
import { arrivedLongAgo } from "./upkeep/arrived-long-ago.js";
import { WAYS } from "./watched-pool.js";

// Made ahead, as in production: a list that Postgres planned before a month had its partition does not read it, though
// by its snapshot it sees the failures resolved of what went there meanwhile.
const months = { now: new Date("2026-03-01T12:00:00.000Z"), monthsAhead: 1 };

// The tests say by their records when claims lapse; lapsing-clock.pg.test.ts tests the clock of Postgres.
for (const [way, wrap] of WAYS) {
  describeStore(`PostgresStore, inserting ${way}`, {
    create: async () => {
      const { schema, pool, admin, store, dispose } = await createFixture({ months, wrap, clock: "caller" });
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
        poison: (record) => ({ ...record, rawJson: "{" }),
      };
    },
  });
}
