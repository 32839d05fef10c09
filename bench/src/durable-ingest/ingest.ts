import { createEvt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import type { Measure } from "../contest.js";
import type { Arena } from "./arena.js";
import { onFreshSchema, SCHEMA } from "./fresh-schema.js";
import { BATCH_SIZE, TENANT } from "./load.js";
import type { MeteringEvent } from "./metering-load.js";
import { eventsPerSecond } from "./race.js";
import { checkRolledUp, checkStored, totalsOf } from "./stored.js";

/** The whole way: raw objects in, normalized, identified, durable, an outcome for each out. */
export function ingest({ url, load, writers, warmUpBatches }: Arena): Measure {
  const { raws } = load;
  const race = { lanes: writers, jobs: raws.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  const sent = totalsOf(raws.flat());
  return () =>
    onFreshSchema(url, writers, async (pool) => {
      const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
      const events = evt.tenant(TENANT);
      const rate = await eventsPerSecond(race, async (job) => {
        const { processed } = await events.ingestMany(raws[job] as readonly MeteringEvent[]);
        if (processed !== BATCH_SIZE)
          throw new Error(`of ${BATCH_SIZE} fresh events ${processed} were processed`);
      });
      await evt.close();
      await checkStored(pool, sent);
      await checkRolledUp(pool, sent);
      return rate;
    });
}
