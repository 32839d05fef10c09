import type { Pool } from "pg";
import { onFreshSchema } from "../database/fresh-schema.js";
import { inTransaction } from "../database/in-transaction.js";
import { checkStored, digestOfStored, totalsOf } from "../database/stored.js";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import { BATCH_SIZE } from "../load/load.js";
import type { Arena } from "./arena.js";
import { BINARY, COPY_CLAIMS, COPY_EVENTS, type CopyBinary, copyBinary, copyIn } from "./copy-binary.js";

/**
 * Measures the limit of Postgres: binary COPY of the same rows into the same tables, with their indexes and constraints.
 * Each batch is one transaction. There is no deduplication and there are no totals. The rows are formatted before the
 * measurement.
 */
export async function copyFloor({ url, load, writers, warmUpBatches, agree }: Arena): Promise<Measure> {
  const batches = await onFreshSchema(url, 1, async (pool) => {
    const rendered: CopyBinary[] = [];
    for (const records of load.records) rendered.push(await copyBinary(pool, records));
    return rendered;
  });
  const race = { lanes: writers, jobs: batches.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  const sent = totalsOf(load.raws.flat());
  return () =>
    onFreshSchema(url, writers, async (pool) => {
      const rate = await eventsPerSecond(race, (job) => copyBatch(pool, batches[job] as CopyBinary));
      await checkStored(pool, sent);
      agree(await digestOfStored(pool));
      return rate;
    });
}

function copyBatch(pool: Pool, { claims, events }: CopyBinary): Promise<void> {
  return inTransaction(pool, async (client) => {
    await copyIn(client, `${COPY_CLAIMS} ${BINARY}`, claims);
    await copyIn(client, `${COPY_EVENTS} ${BINARY}`, events);
  });
}
