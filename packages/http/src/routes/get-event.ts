import type { Evt } from "@evt/core";
import { Problem } from "../problem.js";
import { entryJson } from "../responses/entry-json.js";
import type { Endpoint } from "./endpoint.js";
import { noQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** `GET /events/:id`: one counted or parked event. */
export function getEvent(evt: Evt): Endpoint {
  const readQuery = queryReader(noQuery);
  return async (req, { eventsOf, gone, url }) => {
    readQuery(url);
    const entry = await eventsOf(evt).get(req.id, { signal: gone() });
    if (entry === null) throw new Problem(404, "EVT_NOT_FOUND", "no event has this id");
    return { status: 200, body: entryJson(entry) };
  };
}
