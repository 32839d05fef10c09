import type { Evt } from "@evt/core";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { reasonsQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** `GET /events/reasons`: the number of parked events for each status and combination of reasons. */
export function getReasons(evt: Evt): Endpoint {
  const readQuery = queryReader(reasonsQuery);
  return async (_req, { eventsOf, gone, url }) => {
    const filter = coreRange(readQuery(url));
    const reasons = await eventsOf(evt).reasons(filter, { signal: gone() });
    return { status: 200, body: JSON.stringify({ reasons }) };
  };
}
