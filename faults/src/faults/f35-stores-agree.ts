import { type StoreHarness, storeTests } from "@evt/store-conformance";
import { MemoryStore } from "@evt/store-memory";
import { migrate, PostgresStore } from "@evt/store-postgres";
import pg from "pg";
import type { Fault } from "../harness/fault.js";
import { Tally } from "../harness/tally.js";
import { Database } from "../rig/database.js";

export const storesAgree: Fault = {
  name: "F35",
  title: "memory store, Postgres store and the model agree on random sequences of commands",
  rounds: { full: 400, short: 15 },
  run: async ({ rounds, seed }) => {
    const tally = new Tally();
    const database = await Database.start();
    const pool = new pg.Pool({ connectionString: database.url });
    // when the database stops, closing connections may get an error
    pool.on("error", () => undefined);
    let made = 0;
    const createPostgres = async () => {
      const schema = `model_${++made}`;
      await migrate(pool, { schema });
      // in the model, claims lapse by the records' times
      const store = new PostgresStore({ pool, schema, clock: "caller" });
      const dispose = async () => {
        await store.close();
        await pool.query(`drop schema ${schema} cascade`);
      };
      return { store, dispose };
    };
    const createMemory = async () => {
      const store = new MemoryStore();
      return { store, dispose: () => store.close() };
    };
    try {
      for (const create of [createMemory, createPostgres])
        await agree({ create, model: { runs: rounds, seed } }, tally);
    } finally {
      await pool.end();
      await database.stop();
    }
    return tally.figures();
  },
};

async function agree(harness: StoreHarness, tally: Tally): Promise<void> {
  const model = storeTests.filter(({ id }) => id === "model");
  tally.expect(model.length > 0, "there is no model to compare with");
  for (const test of model) {
    await test
      .run(harness)
      .catch((error: Error) => tally.expect(false, `a store and the model differ: ${error.message}`));
  }
}
