import { durableIngest } from "./durable-ingest/contest.js";
import type { Contest } from "./harness/contest.js";
import { latency } from "./latency/contest.js";
import { preparing } from "./preparing/contest.js";
import { tenMillion } from "./ten-million/contest.js";

/** In the order of an event's way: before the store, into it, with many others, among ten million. */
export const CONTESTS: readonly Contest[] = [preparing, durableIngest, latency, tenMillion];
