import { describeStore } from "@evt/store-conformance/vitest";
import { PostgresStore } from "@evt/store-postgres";
import { createFixture } from "./fixture.js";

// Made ahead, as in production: a list that Postgres planned before a month had its partition does not read it, though
// by its snapshot it sees the failures resolved of what went there meanwhile.
const months = { now: new Date("2026-03-01T12:00:00.000Z"), monthsAhead: 1 };

describeStore("PostgresStore", {
  create: async () => {
    const { schema, pool, admin, store, dispose } = await createFixture({ months });
    return {
      store,
      dispose,
      reopen: async () => {
        await store.close();
        return new PostgresStore({ pool, schema });
      },
      prune: async (tenantId) => {
        await admin.query(`delete from ${schema}.event where tenant_id = $1`, [tenantId]);
      },
      poison: (record) => ({ ...record, rawJson: "{" }),
    };
  },
});
