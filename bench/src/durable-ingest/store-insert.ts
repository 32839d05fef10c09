import type { EventRecord } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { onFreshSchema, SCHEMA } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored, digestOfStored, totalsOf } from "../database/stored.js";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import { BATCH_SIZE, type Load } from "../load/load.js";
import type { Arena } from "./arena.js";

/** Measures inserts of prepared records into the store. */
export function storeInsert(arena: Arena): Measure {
  return inserting(arena, arena.load.records, async (pool) => arena.agree(await digestOfStored(pool)));
}

/** Measures the same inserts with one client and one metric, so that all writers add to the same total. */
export function storeInsertOneSeries(arena: Arena): Measure {
  const [first] = arena.load.records[0] ?? [];
  const { clientId, metric } = first as EventRecord;
  const records = arena.load.records.map((batch) => batch.map((record) => ({ ...record, clientId, metric })));
  return inserting(arena, records, async () => undefined);
}

function inserting(
  { url, load, writers, warmUpBatches }: Arena,
  records: Load["records"],
  check: (pool: Parameters<typeof digestOfStored>[0]) => Promise<void>,
): Measure {
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
      await check(pool);
      return rate;
    });
}
