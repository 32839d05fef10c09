import type { EventRecord } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import type { Measure } from "../contest.js";
import type { Arena } from "./arena.js";
import { onFreshSchema, SCHEMA } from "./fresh-schema.js";
import { BATCH_SIZE } from "./load.js";
import { eventsPerSecond } from "./race.js";
import { checkRolledUp, checkStored, digestOfStored, totalsOf } from "./stored.js";

/** Records prepared beforehand, straight into the store: claimed, stored, totals moved. */
export function storeInsert({ url, load, writers, warmUpBatches, agree }: Arena): Measure {
  const { records } = load;
  const race = { lanes: writers, jobs: records.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  const sent = totalsOf(load.raws.flat());
  const { signal } = new AbortController();
  return () =>
    onFreshSchema(url, writers, async (pool) => {
      const store = new PostgresStore({ pool, schema: SCHEMA });
      const rate = await eventsPerSecond(race, (job) =>
        store.insert(records[job] as readonly EventRecord[], { signal }),
      );
      await store.close();
      await checkStored(pool, sent);
      await checkRolledUp(pool, sent);
      agree(await digestOfStored(pool));
      return rate;
    });
}
