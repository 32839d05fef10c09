import { durableIngest } from "./durable-ingest/contest.js";
import type { Contest } from "./harness/contest.js";
import { latency } from "./latency/contest.js";
import { manySeries } from "./many-series/contest.js";
import { preparing } from "./preparing/contest.js";
import { tenMillion } from "./ten-million/contest.js";

/**
 * All contests: preparing before the store, ingest into the store, latency, many series, and ten million stored events.
 */
export const CONTESTS: readonly Contest[] = [preparing, durableIngest, latency, manySeries, tenMillion];

/** The rows whose values the README shows. All others are in `docs/benchmarks.md` only. */
export const HEADLINES = [
  "ingest",
  "ingest of single events",
  "POST of single events",
  "totals of 10 million, by client and metric",
] as const;
