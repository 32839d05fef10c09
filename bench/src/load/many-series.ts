import type { Flight } from "./flights.js";
import { type MeteringEvent, meteringEvent } from "./metering-load.js";

/** The clients and metrics of the load. A load has at most one series for each client and metric. */
export const MANY_CLIENTS = 100_000;
const METRICS = 5;

/** A load of many clients with few events each. Client and metric of each event are random. Every event has a key. */
export interface ManySeriesLoad {
  /** `time`: events are evenly spread and in the order of their times. `random`: the times are random. */
  readonly order: "time" | "random";
  readonly count: number;
  /** The range of the events' times, in Unix milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
  /** The number of plans. Each event then has a random plan. @defaultValue none */
  readonly plans?: number;
  /** Differs for each load in a schema. Loads with the same seed have the same events. */
  readonly seed: number;
}

/** Returns event `i` of the load: a real flight, of a random client and metric. */
export function manySeriesEvent(flights: readonly Flight[], load: ManySeriesLoad, i: number): MeteringEvent {
  const { order, count, startMs, endMs, seed, plans } = load;
  const flight = flights[i % flights.length] as Flight;
  const share = order === "time" ? i / count : random(i, seed, 2);
  const key = `load-${seed}-${String(i).padStart(9, "0")}`;
  const at = Math.floor(startMs + share * (endMs - startMs));
  const { payload, ...event } = meteringEvent(flight, key, at);
  const metric = `metric-${Math.floor(random(i, seed, 1) * METRICS)}`;
  return {
    ...event,
    source: clientName(Math.floor(random(i, seed, 0) * MANY_CLIENTS)),
    payload: {
      ...payload,
      metric,
      ...(plans !== undefined && { plan: `plan-${Math.floor(random(i, seed, 3) * plans)}` }),
    },
  };
}

export function clientName(client: number): string {
  return `client-${String(client).padStart(6, "0")}`;
}

/** Returns a number from 0 to below 1 that looks random, and that is the same for the same arguments (MurmurHash3). */
export function random(i: number, seed: number, purpose: number): number {
  let hash = [i, seed, purpose].reduce((state, part) => mixed(Math.imul(state, 5) + part + 0x9e3779b9), 0);
  hash = mixed(hash);
  return (hash >>> 0) / 2 ** 32;
}

function mixed(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
