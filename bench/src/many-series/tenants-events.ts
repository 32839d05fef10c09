import { createEvt, type EvtTenant } from "@evt/core";
import { argument, disconnected, send } from "@evt/programs/parent";
import { maintain, PostgresStore } from "@evt/store-postgres";
import { onFreshSchema, SCHEMA } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored } from "../database/stored.js";
import { eventsPerSecond } from "../harness/race.js";
import { readFlights } from "../load/flights.js";
import { meteredEvent, meteredRoutes } from "../load/metering-load.js";

/** Single events of many callers, each event of the next tenant, until every tally is folded. */
export interface TenantsEventsRequest {
  readonly url: string;
  readonly tenants: number;
  readonly callers: number;
  /** Including `warmUpEvents`. */
  readonly events: number;
  /** Events before the measurement. They are folded before it, too. */
  readonly warmUpEvents: number;
}

const CONNECTIONS = 10;
/** The first event is from this long ago. */
const DAY_MS = 86_400_000;

const { url, tenants, callers, events, warmUpEvents } = argument<TenantsEventsRequest>();
const routes = meteredRoutes(await readFlights());
const startMs = Date.now() - DAY_MS;

const rate = await onFreshSchema(url, CONNECTIONS, async (pool) => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
  const views = Array.from({ length: tenants }, (_, i) => evt.tenant(`tenant-${i}`));
  const sent = { count: 0, sum: 0 };
  const ingest = async (i: number) => {
    const event = meteredEvent(routes, i, startMs);
    sent.count++;
    sent.sum += event.payload.amount;
    const { outcome } = await (views[i % tenants] as EvtTenant).ingest(event);
    if (outcome !== "processed") throw new Error(`an event was ${outcome}`);
  };
  const race = { lanes: callers, warmUpJobs: 0, eventsPerJob: 1 };
  await eventsPerSecond({ ...race, jobs: warmUpEvents }, ingest);
  await maintain(pool, { schema: SCHEMA });
  const start = performance.now();
  const jobs = events - warmUpEvents;
  await eventsPerSecond({ ...race, jobs }, (job) => ingest(warmUpEvents + job));
  await evt.close();
  await maintain(pool, { schema: SCHEMA });
  const seconds = (performance.now() - start) / 1_000;
  await checkStored(pool, sent);
  await checkRolledUp(pool, sent);
  return jobs / seconds;
});
send(rate);
await disconnected();
process.exit();
