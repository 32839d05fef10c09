import { type Contest, EVENTS_A_SECOND, type Measure, type Row, type Setting } from "../harness/contest.js";
import { answerBytes, type Posts, posts } from "../http/posts.js";
import { BATCH_SIZE, makeLoad } from "../load/load.js";
import type { MeteringEvent } from "../load/metering-load.js";
import { emmett } from "../peers/emmett.js";
import { graphileWorker } from "../peers/graphile-worker.js";
import type { PeerLoad } from "../peers/peer-load.js";
import { pgBoss } from "../peers/pg-boss.js";
import { type Arena, agreement } from "./arena.js";
import { copyFloor } from "./copy-floor.js";
import { ingest, ingestAgain } from "./ingest.js";
import { oneAtATime } from "./one-at-a-time.js";
import { storeInsert, storeInsertOneSeries } from "./store-insert.js";

const WRITERS = 4;
const WHOLE = { batches: 80, warmUpBatches: 20, singleEvents: 6_000, posts: 1 };
const QUICK = { batches: 50, warmUpBatches: 20, singleEvents: 3_000, posts: 0.5 };

const FLOOR = "copy floor";
const NAIVE = "one at a time";
const PEERS = ["pg-boss insert", "graphile-worker addJobs", "emmett appendToStream"] as const;
const ALONE = "Express alone";
const BY_HAND = "on conflict by hand";

const row = (name: string, ...comparisons: Row["comparisons"]): Row => ({
  name,
  unit: EVENTS_A_SECOND,
  comparisons,
});

/** How fast events become durable: what Postgres and Express can do at all, what else there is, and evt. */
export const durableIngest: Contest = {
  rows: [
    row(FLOOR),
    row(NAIVE),
    ...PEERS.map((peer) => row(peer)),
    row(ALONE),
    row(BY_HAND),
    row(
      "store.insert",
      { against: FLOOR, bar: 0.75 },
      { against: NAIVE, bar: 20 },
      { against: PEERS, bar: 1.2 },
    ),
    row("store.insert, one series", { against: "store.insert", bar: 0.8 }),
    row("ingest", { against: FLOOR, bar: 0.6 }, { against: NAIVE, bar: 20 }, { against: PEERS, bar: 1 }),
    row("ingest, all resent", { against: "ingest", bar: 1 }),
    row("POST of 500 events", { against: FLOOR, bar: 0.4 }),
    row(
      "POST of single events",
      { against: ALONE, bar: 0.5 },
      { against: BY_HAND, bar: 2 },
      { against: NAIVE, bar: 2.5 },
    ),
  ],
  prepare: async (setting, wanted) => {
    const arena = await arenaFor(setting);
    const makers = makersFor(setting, arena);
    const measures = new Map<string, Measure>();
    for (const [name, make] of makers) if (wanted.has(name)) measures.set(name, await make());
    return { measures };
  },
};

async function arenaFor({ url, quick }: Setting): Promise<Arena> {
  const { batches, warmUpBatches, singleEvents } = quick ? QUICK : WHOLE;
  const load = await makeLoad(batches);
  return { url, load, writers: WRITERS, warmUpBatches, singleEvents, agree: agreement() };
}

function makersFor(
  { url, quick }: Setting,
  arena: Arena,
): ReadonlyMap<string, () => Measure | Promise<Measure>> {
  const peer = peerLoadOf(arena);
  const size = (quick ? QUICK : WHOLE).posts;
  const endMs = Date.now();
  const batch = {
    eventsPerRequest: 500,
    connections: 8,
    warmUpRequests: 40 * size,
    requests: 120 * size,
    endMs,
  };
  const single = {
    eventsPerRequest: 1,
    connections: 64,
    warmUpRequests: 4_000 * size,
    requests: 12_000 * size,
    endMs,
  };
  const answering = async (asked: Posts) => posts(url, asked, await answerBytes(url, endMs));
  return new Map<string, () => Measure | Promise<Measure>>([
    [FLOOR, () => copyFloor(arena)],
    [NAIVE, () => oneAtATime(arena)],
    [PEERS[0], () => pgBoss(peer)],
    [PEERS[1], () => graphileWorker(peer)],
    [PEERS[2], () => emmett(peer)],
    [ALONE, () => answering({ ...single, kind: "alone" })],
    [BY_HAND, () => answering({ ...single, kind: "by hand" })],
    ["store.insert", () => storeInsert(arena)],
    ["store.insert, one series", () => storeInsertOneSeries(arena)],
    ["ingest", () => ingest(arena)],
    ["ingest, all resent", () => ingestAgain(arena)],
    ["POST of 500 events", () => posts(url, { ...batch, kind: "evt" })],
    ["POST of single events", () => posts(url, { ...single, kind: "evt" })],
  ]);
}

function peerLoadOf({ url, load, writers, warmUpBatches }: Arena): PeerLoad {
  const keyed = (event: MeteringEvent, i: number) => ({ key: event.event_id ?? `content-${i}`, event });
  const batches = load.raws.map((batch, b) => batch.map((event, i) => keyed(event, b * BATCH_SIZE + i)));
  const race = { lanes: writers, jobs: batches.length, warmUpJobs: warmUpBatches, eventsPerJob: BATCH_SIZE };
  return { url, writers, race, batches, expected: batches.length * BATCH_SIZE };
}
