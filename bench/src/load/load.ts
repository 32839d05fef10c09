import type { EventRecord } from "@evt/core";
import { readFlights } from "./flights.js";
import { type MeteringEvent, meteringLoad } from "./metering-load.js";
import { preparedRecords } from "./prepared-records.js";

export const TENANT = "acme";
export const BATCH_SIZE = 1_000;

/** The same events as raw events and as records, in batches. */
export interface Load {
  /** Raw events, as they are sent. */
  readonly raws: readonly (readonly MeteringEvent[])[];
  /** Records, as a store gets them. */
  readonly records: readonly (readonly EventRecord[])[];
}

export async function makeLoad(batches: number, endMs: number): Promise<Load> {
  const events = meteringLoad(await readFlights(), batches * BATCH_SIZE, endMs);
  const raws = Array.from({ length: batches }, (_, i) => events.slice(i * BATCH_SIZE, (i + 1) * BATCH_SIZE));
  const records = await preparedRecords(TENANT, raws, endMs);
  const identities = new Set(records.flat().map(({ identity }) => identity));
  if (identities.size === events.length) return { raws, records };
  throw new Error(`${events.length} events should have as many identities, but have ${identities.size}`);
}
