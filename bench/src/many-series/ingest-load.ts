import { createEvt } from "@evt/core";
import { argument, disconnected, send } from "@evt/programs/parent";
import { maintain, PostgresStore } from "@evt/store-postgres";
import { withPool } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored, checkTotals } from "../database/stored.js";
import { eventsPerSecond } from "../harness/race.js";
import { readFlights } from "../load/flights.js";
import { BATCH_SIZE, TENANT } from "../load/load.js";
import { type ManySeriesLoad, manySeriesEvent } from "../load/many-series.js";
import { type MeteringEvent, meteredEvent, meteredRoutes } from "../load/metering-load.js";

/** One load into an existing schema, until every tally is folded. */
export interface IngestLoadRequest {
  readonly url: string;
  readonly schema: string;
  /** `dense`: the load of {@link meteredEvent}, which begins at this time in Unix milliseconds. */
  readonly load: ManySeriesLoad | { readonly order: "dense"; readonly startMs: number };
  readonly batches: number;
  /** Batches before the measurement. They are folded before it, too. */
  readonly warmUpBatches: number;
  readonly callers: number;
  /** Whether raw events are stored. */
  readonly raw: "keep" | "drop";
  /** The time for `maintain`, in Unix milliseconds. It seals the months that ended before. */
  readonly nowMs: number;
  /** Whether the schema has no other events, so that events and totals can be checked. */
  readonly isAlone: boolean;
}

const CONNECTIONS = 10;
const KEEPS_PLANS = {
  mapping: { dimensions: { plan: "plan" } },
  totals: { by: [["metric", "plan"]] },
};

const { url, schema, load, batches, warmUpBatches, callers, raw, nowMs, isAlone } =
  argument<IngestLoadRequest>();
const flights = await readFlights();
const routes = meteredRoutes(flights);
const now = new Date(nowMs);
const sent = { count: 0, sum: 0 };

const rate = await withPool(url, CONNECTIONS, async (pool) => {
  const store = new PostgresStore({ pool, schema });
  const hasPlans = load.order !== "dense" && load.plans !== undefined;
  const evt = createEvt({ store, raw, ...(hasPlans && KEEPS_PLANS) });
  const tenant = evt.tenant(TENANT);
  const ingest = async (batch: number) => {
    const events = Array.from({ length: BATCH_SIZE }, (_, i) => event(batch * BATCH_SIZE + i));
    const { processed } = await tenant.ingestMany(events);
    if (processed !== BATCH_SIZE) throw new Error(`${processed} of ${BATCH_SIZE} events were counted`);
  };
  const race = { lanes: callers, warmUpJobs: 0, eventsPerJob: BATCH_SIZE };
  await eventsPerSecond({ ...race, jobs: warmUpBatches }, ingest);
  await maintain(pool, { schema, now });
  send("started");
  const start = performance.now();
  const jobs = batches - warmUpBatches;
  await eventsPerSecond({ ...race, jobs }, (job) => ingest(warmUpBatches + job));
  await evt.close();
  await maintain(pool, { schema, now });
  const seconds = (performance.now() - start) / 1_000;
  await checkTotals(pool, `select count(*), 0 as sum from ${schema}.tally`, { count: 0, sum: 0 });
  if (isAlone) await checkStored(pool, sent, schema);
  if (isAlone) await checkRolledUp(pool, sent, schema);
  return (jobs * BATCH_SIZE) / seconds;
});
send(rate);
await disconnected();
process.exit();

function event(i: number): MeteringEvent {
  const made =
    load.order === "dense" ? meteredEvent(routes, i, load.startMs) : manySeriesEvent(flights, load, i);
  sent.count++;
  sent.sum += made.payload.amount;
  return made;
}
