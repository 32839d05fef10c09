import { measuredApart } from "@evt/programs";
import { type Contest, MILLISECONDS, rowsOf } from "../harness/contest.js";
import type { SingleEventsRequest, SingleEventsResult } from "./single-events.js";
import { singleInserts } from "./single-inserts.js";

const WHOLE = { inserts: 6_000, warmUpInserts: 1_000, events: 120_000, warmUpEvents: 60_000, seconds: 6 };
const QUICK = { inserts: 3_000, warmUpInserts: 500, events: 60_000, warmUpEvents: 30_000, seconds: 3 };
const CALLERS = 256;

const ROW = "a row inserted, p99";
const EVENT = "ingest at half its highest rate, p99";
const SPARSE = "ingest at half its highest rate, sparse, p99";

const milliseconds = rowsOf(MILLISECONDS);

const SINGLE_EVENTS = new URL("./single-events.ts", import.meta.url);

/** Measures how long a caller waits for the outcome of one event, at half of the highest rate. */
export const latency: Contest = {
  rows: [
    milliseconds(ROW),
    milliseconds(EVENT, { against: ROW, bar: 5 }),
    milliseconds(SPARSE, { against: ROW, bar: 5 }),
  ],
  prepare: async ({ url, quick, onProgress }) => {
    const { inserts, warmUpInserts, ...size } = quick ? QUICK : WHOLE;
    const events = (load: SingleEventsRequest["load"]) => async () => {
      const request: SingleEventsRequest = { url, callers: CALLERS, load, ...size };
      const { highestRate, p99, folded } = await measuredApart<SingleEventsResult>(SINGLE_EVENTS, request);
      const [rate, foldedEvents] = [Math.round(highestRate), folded].map((n) => n.toLocaleString("en-US"));
      onProgress(`single events at half the rate of ${rate} a second, ${foldedEvents} folded meanwhile`);
      return p99;
    };
    return {
      measures: new Map([
        [ROW, singleInserts(url, warmUpInserts, inserts)],
        [EVENT, events("dense")],
        [SPARSE, events("sparse")],
      ]),
    };
  },
};
