import { createEvt } from "@evt/core";
import { argument, disconnected, send } from "@evt/programs/parent";
import { PostgresStore } from "@evt/store-postgres";
import { withPool } from "../database/fresh-schema.js";
import { readFlights } from "../load/flights.js";
import { TENANT } from "../load/load.js";
import { storedEvents } from "./stored-events.js";

/** A measurement of the memory for a stream of events into an empty schema. */
export interface StreamRequest {
  readonly url: string;
  readonly schema: string;
  readonly events: number;
  readonly endMs: number;
}

const CONNECTIONS = 10;
const KILOBYTES_A_MEGABYTE = 1_000;

const { url, schema, events, endMs } = argument<StreamRequest>();
const flights = await readFlights();
await withPool(url, CONNECTIONS, async (pool) => {
  const evt = createEvt({ store: new PostgresStore({ pool, schema }) });
  const { processed } = await evt.tenant(TENANT).ingestStream(storedEvents(flights, events, endMs));
  await evt.close();
  if (processed !== events) throw new Error(`${processed} of ${events} events were counted`);
});
// the memory of the whole process, including Node
send(process.resourceUsage().maxRSS / KILOBYTES_A_MEGABYTE);
await disconnected();
process.exit();
