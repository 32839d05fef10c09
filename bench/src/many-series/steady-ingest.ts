import { setTimeout as sleep } from "node:timers/promises";
import { createEvt } from "@evt/core";
import { argument, disconnected, onMessage, send } from "@evt/programs/parent";
import { maintain, PostgresStore } from "@evt/store-postgres";
import { withPool } from "../database/fresh-schema.js";
import { readFlights } from "../load/flights.js";
import { BATCH_SIZE, TENANT } from "../load/load.js";
import { type ManySeriesLoad, manySeriesEvent } from "../load/many-series.js";

/** A load at a constant rate, until the parent sends any message. */
export interface SteadyIngestRequest {
  readonly url: string;
  readonly schema: string;
  readonly load: ManySeriesLoad;
  readonly perSecond: number;
  readonly callers: number;
  /** For how long the load runs before the parent is notified. */
  readonly warmUpMs: number;
  /** The time for `maintain`, in Unix milliseconds. */
  readonly nowMs: number;
}

export interface SteadyIngestResult {
  /** The events per second that were reached. */
  readonly perSecond: number;
}

const CONNECTIONS = 10;

const { url, schema, load, perSecond, callers, warmUpMs, nowMs } = argument<SteadyIngestRequest>();
const flights = await readFlights();
let goesOn = true;
onMessage(() => {
  goesOn = false;
});

const result = await withPool(url, CONNECTIONS, async (pool): Promise<SteadyIngestResult> => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema }) });
  const tenant = evt.tenant(TENANT);
  const start = performance.now();
  const elapsedMs = () => performance.now() - start;
  let begun = 0;
  const caller = async () => {
    while (goesOn) {
      const batch = begun++;
      await sleep(Math.max(0, (batch * BATCH_SIZE * 1_000) / perSecond - elapsedMs()));
      const events = Array.from({ length: BATCH_SIZE }, (_, i) =>
        manySeriesEvent(flights, load, batch * BATCH_SIZE + i),
      );
      const { processed } = await tenant.ingestMany(events);
      if (processed !== BATCH_SIZE) throw new Error(`${processed} of ${BATCH_SIZE} events were counted`);
    }
  };
  const callersDone = Promise.all(Array.from({ length: callers }, caller));
  await Promise.race([callersDone, sleep(warmUpMs)]);
  send("started");
  await callersDone;
  const reached = (begun * BATCH_SIZE * 1_000) / elapsedMs();
  await evt.close();
  // so that every measurement begins with all tallies folded
  await maintain(pool, { schema, now: new Date(nowMs) });
  return { perSecond: reached };
});
send(result);
await disconnected();
process.exit();
