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
import { type ManySeriesLoad, manySeriesEvent } from "../load/many-series.js";
import { meteredEvent, meteredRoutes } from "../load/metering-load.js";

/** A measurement of single events at half of their highest rate. */
export interface SingleEventsRequest {
  readonly url: string;
  readonly callers: number;
  /** `dense`: few clients with many events; `sparse`: many clients with few events, so that there is more to fold. */
  readonly load: "dense" | "sparse";
  /** The number of events with which the highest rate is measured, including `warmUpEvents`. */
  readonly events: number;
  /** The number of events before the measurement. */
  readonly warmUpEvents: number;
  /** For how many seconds events are sent at half of the highest rate. */
  readonly seconds: number;
}

export interface SingleEventsResult {
  /** Events per second. */
  readonly highestRate: number;
  /** Milliseconds. */
  readonly p99: number;
  /** The number of events that were folded while `p99` was measured. */
  readonly folded: number;
}

const CONNECTIONS = 10;

/** The age of the first event. */
const DAY_MS = 86_400_000;
/** The sparse load is as dense as this number of events in this number of days. */
const SPARSE_DAYS = 30;
const SPARSE_EVENTS = 1_000_000;

const { url, callers, load, events, warmUpEvents, seconds } = argument<SingleEventsRequest>();
const flights = await readFlights();
const routes = meteredRoutes(flights);
const startMs = Date.now() - DAY_MS;
const sparse: ManySeriesLoad = {
  ...{ order: "time", seed: 0, count: SPARSE_EVENTS },
  ...{ startMs: Date.now() - SPARSE_DAYS * DAY_MS, endMs: Date.now() },
};
const eventAt = (i: number) =>
  load === "dense" ? meteredEvent(routes, i, startMs) : manySeriesEvent(flights, sparse, i);
const FOLDED = `select coalesce(sum(count), 0)::int as events from ${SCHEMA}.day_total where per = 'a'`;

const found = await onFreshSchema(url, CONNECTIONS, async (pool): Promise<SingleEventsResult> => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
  const tenant = evt.tenant(TENANT);
  const sent = { count: 0, sum: 0 };
  // each event is created when it is sent, because a prepared load would slow down the garbage collector
  const ingest = async (i: number) => {
    const event = eventAt(i);
    sent.count++;
    sent.sum += event.payload.amount;
    const { outcome } = await tenant.ingest(event);
    if (outcome !== "processed") throw new Error(`an event was ${outcome}`);
  };
  const race = { lanes: callers, jobs: events, warmUpJobs: warmUpEvents, eventsPerJob: 1 };
  const highestRate = await eventsPerSecond(race, ingest);
  const foldedEvents = async () => Number((await pool.query<{ events: number }>(FOLDED)).rows[0]?.events);
  const before = await foldedEvents();
  const latencies = await latenciesAt(highestRate / 2, seconds, (i) => ingest(events + i));
  const folded = (await foldedEvents()) - before;
  await evt.close();
  await checkStored(pool, sent);
  await checkRolledUp(pool, sent);
  return { highestRate, p99: percentile(latencies, 0.99), folded };
});
send(found);
await disconnected();
process.exit();
