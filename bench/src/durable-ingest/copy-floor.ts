import { finished } from "node:stream/promises";
import type { Pool, PoolClient } from "pg";
import { from } from "pg-copy-streams";
import type { Measure } from "../contest.js";
import type { Arena } from "./arena.js";
import { CLAIM_COLUMNS, type CopyText, copyText, EVENT_COLUMNS } from "./copy-text.js";
import { onFreshSchema, SCHEMA } from "./fresh-schema.js";
import { inTransaction } from "./in-transaction.js";
import { BATCH_SIZE } from "./load.js";
import { eventsPerSecond } from "./race.js";
import { checkStored, digestOfStored, totalsOf } from "./stored.js";

/**
 * What Postgres can do at all: COPY of the same rows into the same tables, indexes and constraints, in a transaction
 * for each batch. No dedupe, no rollups, and the rows rendered beforehand.
 */
export function copyFloor({ url, load, writers, warmUpBatches, agree }: Arena): Measure {
  const batches = load.records.map(copyText);
  const race = { lanes: writers, jobs: batches.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  const sent = totalsOf(load.raws.flat());
  return () =>
    onFreshSchema(url, writers, async (pool) => {
      const rate = await eventsPerSecond(race, (job) => copyBatch(pool, batches[job] as CopyText));
      await checkStored(pool, sent);
      agree(await digestOfStored(pool));
      return rate;
    });
}

function copyBatch(pool: Pool, { claims, events }: CopyText): Promise<void> {
  return inTransaction(pool, async (client) => {
    await copy(client, `copy ${SCHEMA}.claim (${CLAIM_COLUMNS}) from stdin`, claims);
    await copy(client, `copy ${SCHEMA}.event (${EVENT_COLUMNS}) from stdin`, events);
  });
}

async function copy(client: PoolClient, command: string, rows: Buffer): Promise<void> {
  const stream = client.query(from(command));
  stream.end(rows);
  await finished(stream);
}
