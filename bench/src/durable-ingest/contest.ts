import { measuredApart } from "@evt/programs";
import { type Contest, EVENTS_A_SECOND, type Measure, rowsOf, type Setting } from "../harness/contest.js";
import type { Host } from "../http/hosts.js";
import { type Posts, posts, responseBytes } from "../http/posts.js";
import { agreement } from "./agreement.js";
import type { ContestantRequest, ContestantResult } from "./contestant.js";
import { CONTESTANTS } from "./contestants.js";

const WRITERS = 4;
const WHOLE = { batches: 120, warmUpBatches: 40, singleEvents: 6_000, posts: 1 };
const QUICK = { batches: 80, warmUpBatches: 40, singleEvents: 3_000, posts: 0.5 };

const FLOOR = "copy floor";
const NAIVE = "one at a time";
const PEERS = ["pg-boss insert", "graphile-worker addJobs", "emmett appendToStream"] as const;
const ALONE = "Express alone";
const BY_HAND = "on conflict by hand";

/** The web frameworks other than Express, which serves evt in all other rows. */
const OTHER_HOSTS = ["node:http", "Fastify", "Hono"] as const satisfies readonly Host[];
const singlesOn = (host: Host) => `POST of single events, ${host}`;

const CONTESTANT = new URL("./contestant.ts", import.meta.url);

const row = rowsOf(EVENTS_A_SECOND);

/**
 * Measures how fast events become durable. Compares this with the limits of Postgres and Express, and with other
 * libraries.
 */
export const durableIngest: Contest = {
  rows: [
    row(FLOOR),
    row(NAIVE),
    ...PEERS.map((peer) => row(peer)),
    row(ALONE),
    row(BY_HAND),
    row(
      "store.insert",
      { against: FLOOR, bar: 0.78 },
      { against: NAIVE, bar: 20 },
      { against: PEERS, bar: 1.2 },
    ),
    row("store.insert, one series", { against: "store.insert", bar: 0.8 }),
    row("ingest", { against: FLOOR, bar: 0.62 }, { against: NAIVE, bar: 20 }, { against: PEERS, bar: 1 }),
    row("ingest, all resent", { against: "ingest", bar: 1 }),
    row("ingest of single events", { against: NAIVE, bar: 2.5 }),
    row("POST of 500 events", { against: FLOOR, bar: 0.4 }, { against: NAIVE, bar: 20 }),
    row(
      "POST of single events",
      { against: ALONE, bar: 0.5 },
      { against: BY_HAND, bar: 2 },
      { against: NAIVE, bar: null },
    ),
    ...OTHER_HOSTS.map((host) =>
      row(singlesOn(host), { against: BY_HAND, bar: 2 }, { against: "POST of single events", bar: null }),
    ),
  ],
  prepare: async (setting) => {
    const endMs = Date.now();
    const agree = agreement();
    const apart = [...CONTESTANTS.keys()].map(
      (name) => [name, contestant(name, setting, endMs, agree)] as const,
    );
    return { measures: new Map([...apart, ...overHttp(setting, endMs)]) };
  },
};

/** Returns a measure that runs in a separate process, so that other rows' garbage and compiled code have no effect. */
function contestant(
  name: string,
  { url, quick }: Setting,
  endMs: number,
  agree: (digest: string) => void,
): Measure {
  const { batches, warmUpBatches, singleEvents } = quick ? QUICK : WHOLE;
  const request: ContestantRequest = {
    row: name,
    url,
    writers: WRITERS,
    batches,
    warmUpBatches,
    singleEvents,
    endMs,
  };
  return async () => {
    const { value, digest } = await measuredApart<ContestantResult>(CONTESTANT, request);
    if (digest !== undefined) agree(digest);
    return value;
  };
}

function overHttp({ url, quick }: Setting, endMs: number): readonly (readonly [string, Measure])[] {
  const size = (quick ? QUICK : WHOLE).posts;
  const batch = { eventsPerRequest: 500, connections: 8, warmUpRequests: 40 * size, requests: 120 * size };
  const single = {
    eventsPerRequest: 1,
    connections: 64,
    warmUpRequests: 4_000 * size,
    requests: 12_000 * size,
  };
  const evt = (load: Omit<Posts, "kind" | "endMs">) => posts(url, { ...load, kind: "evt", endMs });
  let bytes: Promise<number> | undefined;
  const rival = (kind: Posts["kind"]) => async () => {
    bytes ??= responseBytes(url, endMs);
    return posts(url, { ...single, kind, endMs }, await bytes)();
  };
  return [
    [ALONE, rival("alone")],
    [BY_HAND, rival("by hand")],
    ["POST of 500 events", evt(batch)],
    ["POST of single events", evt(single)],
    ...OTHER_HOSTS.map((host) => [singlesOn(host), evt({ ...single, host })] as const),
  ];
}
