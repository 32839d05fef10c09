import { randomUUID } from "node:crypto";
import { createEvt } from "@evt/core";
import { argument, disconnected, send } from "@evt/programs/parent";
import { PostgresStore } from "@evt/store-postgres";
import { withPool } from "../database/fresh-schema.js";
import { eventsPerSecond } from "../harness/race.js";
import { readFlights } from "../load/flights.js";
import { BATCH_SIZE, TENANT } from "../load/load.js";
import { meteringLoad } from "../load/metering-load.js";

/** New events for an existing schema. */
export interface IngestIntoRequest {
  readonly url: string;
  readonly schema: string;
  readonly batches: number;
  readonly warmUpBatches: number;
  readonly callers: number;
  /** `rising`: like order numbers, ULIDs and UUIDs of version 7; `random`: like UUIDs of version 4. */
  readonly keys: "rising" | "random";
  /** A part of the keys that differs for each load. */
  readonly name: string;
  /** The time of the last event, in Unix milliseconds. */
  readonly endMs: number;
}

const CONNECTIONS = 10;

const { url, schema, batches, warmUpBatches, callers, keys, name, endMs } = argument<IngestIntoRequest>();
const keyOf = (i: number) => (keys === "random" ? randomUUID() : `${name}-${String(i).padStart(9, "0")}`);
const events = meteringLoad(await readFlights(), batches * BATCH_SIZE, endMs, keyOf);
const race = { lanes: callers, jobs: batches, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };

const rate = await withPool(url, CONNECTIONS, async (pool) => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema }) });
  const tenant = evt.tenant(TENANT);
  const measured = await eventsPerSecond(race, async (job) => {
    const { processed } = await tenant.ingestMany(events.slice(job * BATCH_SIZE, (job + 1) * BATCH_SIZE));
    if (processed !== BATCH_SIZE) throw new Error(`${processed} of ${BATCH_SIZE} events were counted`);
  });
  await evt.close();
  return measured;
});
send(rate);
await disconnected();
process.exit();
