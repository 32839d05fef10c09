import { measuredApart } from "@evt/programs";
import { type Contest, MILLISECONDS, rowsOf } from "../harness/contest.js";
import type { SingleEventsRequest, SingleEventsResult } from "./single-events.js";
import { singleInserts } from "./single-inserts.js";

const WHOLE = { inserts: 6_000, warmUpInserts: 1_000, events: 120_000, warmUpEvents: 60_000, seconds: 6 };
const QUICK = { inserts: 3_000, warmUpInserts: 500, events: 60_000, warmUpEvents: 30_000, seconds: 3 };
const CALLERS = 256;

const ROW = "a row inserted, p99";
const EVENT = "ingest at half its highest rate, p99";

const milliseconds = rowsOf(MILLISECONDS);

const SINGLE_EVENTS = new URL("./single-events.ts", import.meta.url);

/** Measures how long a caller waits for the outcome of one event, at half of the highest rate. */
export const latency: Contest = {
  rows: [milliseconds(ROW), milliseconds(EVENT, { against: ROW, bar: 5 })],
  prepare: async ({ url, quick, onProgress }) => {
    const { inserts, warmUpInserts, ...size } = quick ? QUICK : WHOLE;
    const request: SingleEventsRequest = { url, callers: CALLERS, ...size };
    const events = async () => {
      const { highestRate, p99 } = await measuredApart<SingleEventsResult>(SINGLE_EVENTS, request);
      onProgress(
        `single events at half the rate of ${Math.round(highestRate).toLocaleString("en-US")} a second`,
      );
      return p99;
    };
    return {
      measures: new Map([
        [ROW, singleInserts(url, warmUpInserts, inserts)],
        [EVENT, events],
      ]),
    };
  },
};
