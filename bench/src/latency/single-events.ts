import { createEvt } from "@evt/core";
import { argument, disconnected, send } from "@evt/programs/parent";
import { PostgresStore } from "@evt/store-postgres";
import { onFreshSchema, SCHEMA } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored } from "../database/stored.js";
import { latenciesAt } from "../harness/open-loop.js";
import { percentile } from "../harness/percentile.js";
import { eventsPerSecond } from "../harness/race.js";
import { readFlights } from "../load/flights.js";
import { TENANT } from "../load/load.js";
import { meteredEvent, meteredRoutes } from "../load/metering-load.js";

/** Single events at half of the highest rate. */
export interface SingleEventsRequest {
  readonly url: string;
  readonly callers: number;
  /** How many events measure the highest rate. */
  readonly events: number;
  /** How many events come before. */
  readonly warmUpEvents: number;
  /** How long half of that rate is sent. */
  readonly seconds: number;
}

export interface SingleEventsResult {
  /** Events per second. */
  readonly highestRate: number;
  /** Milliseconds. */
  readonly p99: number;
}

const CONNECTIONS = 10;

/** The events are from the day before. */
const DAY_MS = 86_400_000;

const { url, callers, events, warmUpEvents, seconds } = argument<SingleEventsRequest>();
const routes = meteredRoutes(await readFlights());
const startMs = Date.now() - DAY_MS;

const found = await onFreshSchema(url, CONNECTIONS, async (pool): Promise<SingleEventsResult> => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
  const tenant = evt.tenant(TENANT);
  const sent = { count: 0, sum: 0 };
  // made when it is sent, because a prepared load would slow the garbage collector down
  const ingest = async (i: number) => {
    const event = meteredEvent(routes, i, startMs);
    sent.count++;
    sent.sum += event.payload.amount;
    const { outcome } = await tenant.ingest(event);
    if (outcome !== "processed") throw new Error(`an event was ${outcome}`);
  };
  const race = { lanes: callers, jobs: events, warmUpJobs: warmUpEvents, eventsPerJob: 1 };
  const highestRate = await eventsPerSecond(race, ingest);
  const latencies = await latenciesAt(highestRate / 2, seconds, (i) => ingest(events + i));
  await evt.close();
  await checkStored(pool, sent);
  await checkRolledUp(pool, sent);
  return { highestRate, p99: percentile(latencies, 0.99) };
});
send(found);
await disconnected();
process.exit();
