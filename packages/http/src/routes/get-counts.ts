import { type Evt, EvtError, type ReasonCount } from "@evt/core";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { countsQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** Maximum number of groups that `reasons` returns. */
const MOST_GROUPS = 1_000;

/** `GET /events/counts`: the number of counted events, and of unresolved parked events by status. */
export function getCounts(evt: Evt): Endpoint {
  const readQuery = queryReader(countsQuery);
  return async (_req, { eventsOf, gone, url }) => {
    const filter = coreRange(readQuery(url));
    const events = eventsOf(evt);
    const signal = gone();
    const [{ rows }, groups] = await Promise.all([
      events.aggregate(filter, { signal }),
      events.reasons(filter, { signal }),
    ]);
    // `reasons` may have omitted groups
    if (groups.length >= MOST_GROUPS)
      throw new EvtError("EVT_TOO_WIDE", "the parked events have too many different reasons; use a filter");
    const processed = rows.reduce((sum, { count }) => sum + count, 0);
    const parked = (status: ReasonCount["status"]) => sumOf(groups, status);
    const counts = {
      processed,
      rejected: parked("rejected"),
      failed: parked("failed"),
      conflict: parked("conflict"),
    };
    return { status: 200, body: JSON.stringify(counts) };
  };
}

function sumOf(groups: readonly ReasonCount[], wanted: ReasonCount["status"]): number {
  return groups.reduce((sum, { status, count }) => (status === wanted ? sum + count : sum), 0);
}
