import type { Evt } from "@evt/core";
import { entryJson } from "../responses/entry-json.js";
import { elementsJson, joined } from "../responses/json-text.js";
import { coreRange } from "./core-range.js";
import type { Endpoint } from "./endpoint.js";
import { listQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** `GET /events`: one page of counted and parked events. The last received event is first. */
export function listEvents(evt: Evt): Endpoint {
  const readQuery = queryReader(listQuery);
  return async (_req, { eventsOf, gone, url }) => {
    const { raw, ...parameters } = readQuery(url);
    const query = { ...coreRange(parameters), raw: raw === "true" };
    const { entries, nextCursor } = await eventsOf(evt).list(query, { signal: gone() });
    const events = await elementsJson(entries, entryJson);
    const body = joined('{"events":[', events, `],"nextCursor":${JSON.stringify(nextCursor)}}`);
    return { status: 200, body };
  };
}
