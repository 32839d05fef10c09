import { type Contest, EVENTS_A_SECOND, type Setting } from "../contest.js";
import { type Arena, agreement } from "./arena.js";
import { copyFloor } from "./copy-floor.js";
import { ingest } from "./ingest.js";
import { makeLoad } from "./load.js";
import { oneAtATime } from "./one-at-a-time.js";
import { storeInsert } from "./store-insert.js";

const WRITERS = 4;
const WHOLE = { batches: 80, warmUpBatches: 20, singleEvents: 6_000 };
const QUICK = { batches: 50, warmUpBatches: 20, singleEvents: 3_000 };

/** How fast events become durable: the floor, the naive way, records into the store, raw objects to outcomes. */
export const durableIngest: Contest = {
  rows: [
    { name: "copy floor", unit: EVENTS_A_SECOND, comparisons: [] },
    { name: "one at a time", unit: EVENTS_A_SECOND, comparisons: [] },
    {
      name: "store.insert",
      unit: EVENTS_A_SECOND,
      comparisons: [
        { against: "copy floor", bar: 0.6 },
        { against: "one at a time", bar: 15 },
      ],
    },
    { name: "ingest", unit: EVENTS_A_SECOND, comparisons: [{ against: "copy floor", bar: null }] },
  ],
  prepare: async ({ url, quick }: Setting) => {
    const { batches, ...size } = quick ? QUICK : WHOLE;
    const arena: Arena = {
      url,
      load: await makeLoad(batches),
      writers: WRITERS,
      ...size,
      agree: agreement(),
    };
    return new Map([
      ["copy floor", copyFloor(arena)],
      ["one at a time", oneAtATime(arena)],
      ["store.insert", storeInsert(arena)],
      ["ingest", ingest(arena)],
    ]);
  },
};
