import type { Evt } from "@evt/core";
import { entryJson } from "../responses/entry-json.js";
import { elementsJson, joined } from "../responses/json-text.js";
import { acceptedType } from "./accept.js";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { exportEvents, requireNoPage } from "./export-events.js";
import { nextLink } from "./next-link.js";
import { listQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/**
 * `GET /events`: one page of counted and parked events as JSON, or all of them as NDJSON or CSV. The latest received event is
 * first.
 */
export function listEvents(evt: Evt): Endpoint {
  const readQuery = queryReader(listQuery);
  return async (req, { eventsOf, gone, url }) => {
    const { raw, ...parameters } = readQuery(url);
    const query = { ...coreRange(parameters), raw: raw === "true" };
    const type = acceptedType(req, ["application/json", "application/x-ndjson", "text/csv"]);
    if (type !== "application/json") {
      requireNoPage(query);
      // CSV has no raw events
      const shown = type === "text/csv" ? { ...query, raw: false } : query;
      const exported = await exportEvents(eventsOf(evt), shown, type, gone());
      return req.method === "HEAD" ? { ...exported, parts: NOTHING } : exported;
    }
    const { entries, nextCursor } = await eventsOf(evt).list(query, { signal: gone() });
    const events = await elementsJson(entries, entryJson);
    const body = joined('{"events":[', events, `],"nextCursor":${JSON.stringify(nextCursor)}}`);
    return { status: 200, ...nextLink(url, nextCursor), body };
  };
}

/** The parts of a response to HEAD. */
const NOTHING: AsyncIterable<string> = {
  async *[Symbol.asyncIterator]() {
    // no part
  },
};
