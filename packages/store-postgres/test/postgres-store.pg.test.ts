import { describeStore } from "@evt/store-conformance/vitest";
import { PostgresStore } from "@evt/store-postgres";
import { createFixture } from "./fixture.js";

describeStore("PostgresStore", {
  create: async () => {
    const { schema, pool, admin, store, dispose } = await createFixture();
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
