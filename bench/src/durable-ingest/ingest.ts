import { createEvt, type EvtTenant } from "@evt/core";
import { PostgresStore } from "@evt/store-postgres";
import { onFreshSchema, SCHEMA } from "../database/fresh-schema.js";
import { checkRolledUp, checkStored, type Totals, totalsOf } from "../database/stored.js";
import type { Measure } from "../harness/contest.js";
import { eventsPerSecond } from "../harness/race.js";
import { BATCH_SIZE, TENANT } from "../load/load.js";
import type { MeteringEvent } from "../load/metering-load.js";
import type { Arena } from "./arena.js";

/** The default size of a `pg` pool. */
const CONNECTIONS = 10;
const SINGLE_CALLERS = 64;
/** "ingest of single events" sends this many times the events of "one at a time", because each event takes less time. */
const TIMES_AS_MANY = 10;

/** Measures `ingestMany`, from raw events to their outcomes. */
export function ingest(arena: Arena): Measure {
  return ingesting(arena, async (events, raws, race) =>
    eventsPerSecond(race, sending(events, raws, "processed")),
  );
}

/** Measures `ingest` of single events with many concurrent callers. */
export function ingestSingly({ url, load, singleEvents }: Arena): Measure {
  const events = load.raws.flat().slice(0, singleEvents * TIMES_AS_MANY);
  const sent = totalsOf(events);
  const race = { lanes: SINGLE_CALLERS, jobs: events.length, warmUpJobs: events.length / 2, eventsPerJob: 1 };
  return onEmptySchema(url, sent, (tenant) =>
    eventsPerSecond(race, async (job) => {
      const { outcome } = await tenant.ingest(events[job]);
      if (outcome !== "processed") throw new Error(`an event was ${outcome}`);
    }),
  );
}

/** Measures a resend of stored batches, in which every event is a duplicate. */
export function ingestAgain(arena: Arena): Measure {
  return ingesting(arena, async (events, raws, race) => {
    await eventsPerSecond({ ...race, warmUpJobs: 0 }, sending(events, raws, "processed"));
    return eventsPerSecond(race, sending(events, raws, "duplicates"));
  });
}

type Batches = Arena["load"]["raws"];
type Race = Parameters<typeof eventsPerSecond>[0];

function ingesting(
  { url, load, writers, warmUpBatches }: Arena,
  work: (events: EvtTenant, raws: Batches, race: Race) => Promise<number>,
): Measure {
  const { raws } = load;
  const race = { lanes: writers, jobs: raws.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  return onEmptySchema(url, totalsOf(raws.flat()), (events) => work(events, raws, race));
}

/** Measures `work` on an empty schema. Throws unless all events are stored and counted at the end. */
function onEmptySchema(url: string, sent: Totals, work: (events: EvtTenant) => Promise<number>): Measure {
  return () =>
    onFreshSchema(url, CONNECTIONS, async (pool) => {
      const evt = createEvt({ store: new PostgresStore({ pool, schema: SCHEMA }) });
      const rate = await work(evt.tenant(TENANT));
      await evt.close();
      await checkStored(pool, sent);
      await checkRolledUp(pool, sent);
      return rate;
    });
}

function sending(events: EvtTenant, raws: Batches, expected: "processed" | "duplicates") {
  return async (job: number): Promise<void> => {
    const report = await events.ingestMany(raws[job] as readonly MeteringEvent[]);
    if (report[expected] !== BATCH_SIZE)
      throw new Error(`${report[expected]} of ${BATCH_SIZE} events were ${expected}`);
  };
}
