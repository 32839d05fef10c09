import type { Measure } from "../harness/contest.js";
import { BATCH_SIZE } from "../load/load.js";
import type { MeteringEvent } from "../load/metering-load.js";
import { emmett } from "../peers/emmett.js";
import { graphileWorker } from "../peers/graphile-worker.js";
import type { PeerLoad } from "../peers/peer-load.js";
import { pgBoss } from "../peers/pg-boss.js";
import type { Arena } from "./arena.js";
import { copyFloor } from "./copy-floor.js";
import { ingest, ingestAgain, ingestSingly } from "./ingest.js";
import { oneAtATime } from "./one-at-a-time.js";
import { storeInsert, storeInsertOneSeries } from "./store-insert.js";

export type MakeMeasure = (arena: Arena) => Measure | Promise<Measure>;

/** The rows that are measured without HTTP, each in its own process. */
export const CONTESTANTS: ReadonlyMap<string, MakeMeasure> = new Map<string, MakeMeasure>([
  ["copy floor", copyFloor],
  ["one at a time", oneAtATime],
  ["pg-boss insert", (arena) => pgBoss(peerLoadOf(arena))],
  ["graphile-worker addJobs", (arena) => graphileWorker(peerLoadOf(arena))],
  ["emmett appendToStream", (arena) => emmett(peerLoadOf(arena))],
  ["store.insert", storeInsert],
  ["store.insert, one series", storeInsertOneSeries],
  ["ingest", ingest],
  ["ingest, all resent", ingestAgain],
  ["ingest of single events", ingestSingly],
]);

function peerLoadOf({ url, load, writers, warmUpBatches }: Arena): PeerLoad {
  const keyed = (event: MeteringEvent, i: number) => ({ key: event.event_id ?? `content-${i}`, event });
  const batches = load.raws.map((batch, b) => batch.map((event, i) => keyed(event, b * BATCH_SIZE + i)));
  const race = { lanes: writers, jobs: batches.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  return { url, writers, race, batches, expected: batches.length * BATCH_SIZE };
}
