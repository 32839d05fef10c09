import { randomUUID } from "node:crypto";
import type { Flight } from "../load/flights.js";
import { type MeteringEvent, meteredRoutes, meteringEvent } from "../load/metering-load.js";

/** The days that what is stored is spread over: a year and some more at either end. */
export const STORED_DAYS = 400;
const DAY_MS = 86_400_000;

/**
 * What the meters sent in the days up to `endMs`, evenly spread, as it comes out of an archive. Of each four events two
 * are recognised by content, one by a key that rises and one by a key of random bits.
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
