import { createEvt } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { onFreshSchema, SCHEMA } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored, totalsOf } from "../database/stored.js";
import { latenciesAt } from "../harness/open-loop.js";
import { percentile } from "../harness/percentile.js";
import { eventsPerSecond } from "../harness/race.js";
import { readFlights } from "../load/flights.js";
import { TENANT } from "../load/load.js";
import { type MeteringEvent, meteringLoad, STEP_MS } from "../load/metering-load.js";
import { answer, argument, dismissed } from "../processes/parent.js";

/** Single events, at half the rate of as many callers as get the most out of it. */
export interface SingleEventsRequest {
  readonly url: string;
  readonly callers: number;
  /** Events by which the highest rate is found, and those before. */
  readonly events: number;
  readonly warmUpEvents: number;
  /** How long half that rate is kept up. */
  readonly seconds: number;
}

export interface SingleEventsAnswer {
  /** Events a second. */
  readonly highestRate: number;
  /** Milliseconds. */
  readonly p99: number;
}

const CONNECTIONS = 10;

const { url, callers, events, warmUpEvents, seconds } = argument<SingleEventsRequest>();
const flights = await readFlights();
const endMs = Date.now();

const found = await onFreshSchema(url, CONNECTIONS, async (pool): Promise<SingleEventsAnswer> => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
  const tenant = evt.tenant(TENANT);
  const sendOf = (load: readonly MeteringEvent[]) => async (i: number) => {
    const { outcome } = await tenant.ingest(load[i]);
    if (outcome !== "processed") throw new Error(`an event was ${outcome}`);
  };
  const closed = meteringLoad(flights, events, endMs);
  const race = { lanes: callers, jobs: events, warmUpJobs: warmUpEvents, eventsPerJob: 1 };
  const highestRate = await eventsPerSecond(race, sendOf(closed));
  const half = highestRate / 2;
  const more = Math.round(half * seconds);
  const open = meteringLoad(flights, events + more, endMs + more * STEP_MS).slice(events);
  const latencies = await latenciesAt(half, seconds, sendOf(open));
  await evt.close();
  const sent = totalsOf([...closed, ...open]);
  await checkStored(pool, sent);
  await checkRolledUp(pool, sent);
  return { highestRate, p99: percentile(latencies, 0.99) };
});
answer(found);
await dismissed();
process.exit();
