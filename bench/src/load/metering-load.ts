import { busiestRoutes, type Flight } from "./flights.js";

/** An event as a metering device sends it. */
export interface MeteringEvent {
  readonly event_id?: string;
  readonly source: string;
  readonly payload: {
    readonly metric: string;
    readonly amount: number;
    readonly timestamp: string;
    readonly departed: string;
    readonly distance: number;
    readonly plan?: string;
  };
}

const CLIENTS = 20;
const METRICS = 10;
/** The time between two events. Each of 200 metering devices reports every ten seconds. */
const STEP_MS = 50;
const LATE_EVERY = 20;
const MINUTE_MS = 60_000;
const THREE_DAYS_MINUTES = 4_320;

/**
 * Returns the events of 200 metering devices that report every ten seconds. The events are real flights, repeated, each at a
 * different time. The origin is the client and the destination is the metric, with their real, uneven frequencies. Events come
 * in the order of their times, up to `endMs`. Only one event in twenty has an earlier time, because it is up to three days
 * late. Every second event has a key. Content identifies the others. No two are the same event.
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

/** Returns event `i` of a load that begins at `startMs`. */
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

/** Returns the flights that the devices report. */
export function meteredRoutes(flights: readonly Flight[]): readonly Flight[] {
  return busiestRoutes(flights, CLIENTS, METRICS);
}

/**
 * Returns a number of minutes below three days, plus half a step, so that a late event never has the time of an event
 * on time.
 */
function latenessMs(i: number): number {
  return ((i * 7_919) % THREE_DAYS_MINUTES) * MINUTE_MS + STEP_MS / 2;
}

/** Returns the event with which a device reports a flight. `at` is its time in Unix milliseconds. */
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
