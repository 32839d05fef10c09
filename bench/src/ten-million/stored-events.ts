import { randomUUID } from "node:crypto";
import type { Flight } from "../load/flights.js";
import { type MeteringEvent, meteredRoutes, meteringEvent } from "../load/metering-load.js";

/** The number of days over which the stored events are spread: more than a year. */
export const STORED_DAYS = 400;
const DAY_MS = 86_400_000;

/**
 * Yields the devices' events, evenly spread over the {@link STORED_DAYS} days before `endMs`. Of every four events, two have no
 * key, one has a rising key, and one has a random key.
 */
export function* storedEvents(
  flights: readonly Flight[],
  count: number,
  endMs: number,
): Generator<MeteringEvent> {
  const routes = meteredRoutes(flights);
  const stepMs = (STORED_DAYS * DAY_MS) / count;
  const startMs = endMs - STORED_DAYS * DAY_MS;
  for (let i = 0; i < count; i++)
    yield meteringEvent(routes[i % routes.length] as Flight, keyOf(i), Math.floor(startMs + i * stepMs));
}

function keyOf(i: number): string | undefined {
  if (i % 4 === 1) return `stored-${String(i).padStart(9, "0")}`;
  return i % 4 === 3 ? randomUUID() : undefined;
}
