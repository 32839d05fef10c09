import { busiestRoutes, type Flight } from "./flights.js";

/** An event as its sender writes it. */
export interface MeteringEvent {
  readonly event_id?: string;
  readonly source: string;
  readonly payload: {
    readonly metric: string;
    readonly amount: number;
    readonly timestamp: string;
    readonly departed: string;
    readonly distance: number;
  };
}

const CLIENTS = 20;
const METRICS = 10;
/** From an event to the next: 200 meters, each of which reports every ten seconds. */
const STEP_MS = 50;
const LATE_EVERY = 20;
const MINUTE_MS = 60_000;
const THREE_DAYS_MINUTES = 4_320;

/**
 * What 200 meters send that report every ten seconds: real flights over and over, origin as client and destination as
 * metric (as unevenly spread as they are), each at a time of its own. They arrive in order, the last at `endMs`, but
 * for one in twenty that is late by up to three days. Every second one carries a key; the others are recognised by
 * content. No two are one event.
 */
export function meteringLoad(
  flights: readonly Flight[],
  count: number,
  endMs: number,
  keyOf?: (i: number) => string,
): readonly MeteringEvent[] {
  const routes = meteredRoutes(flights);
  return Array.from({ length: count }, (_, i) => meteredEvent(routes, i, endMs - count * STEP_MS, keyOf));
}

/** Event `i` of a load that begins at `startMs`, by itself. */
export function meteredEvent(
  routes: readonly Flight[],
  i: number,
  startMs: number,
  keyOf: (i: number) => string = (n) => `flight-${n}`,
): MeteringEvent {
  const flight = routes[i % routes.length] as Flight;
  const onTime = startMs + i * STEP_MS;
  const key = i % 2 === 1 ? keyOf(i) : undefined;
  return meteringEvent(flight, key, i % LATE_EVERY === 0 ? onTime - latenessMs(i) : onTime);
}

/** The flights that are metered. */
export function meteredRoutes(flights: readonly Flight[]): readonly Flight[] {
  return busiestRoutes(flights, CLIENTS, METRICS);
}

/** Any of the minutes of three days, and half a step: a late event never meets one that is on time. */
function latenessMs(i: number): number {
  return ((i * 7_919) % THREE_DAYS_MINUTES) * MINUTE_MS + STEP_MS / 2;
}

/** A flight as its meter reports it, at a time in Unix milliseconds. */
export function meteringEvent(
  { date, delay, distance, origin, destination }: Flight,
  key: string | undefined,
  at: number,
): MeteringEvent {
  return {
    ...(key !== undefined && { event_id: key }),
    source: origin,
    payload: {
      metric: destination,
      amount: delay,
      timestamp: new Date(at).toISOString(),
      departed: date,
      distance,
    },
  };
}
