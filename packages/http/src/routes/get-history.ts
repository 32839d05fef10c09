import type { Evt } from "@evt/core";
import { Problem } from "../problem.js";
import { elementsJson, joined } from "../responses/json-text.js";
import type { Endpoint } from "./endpoint.js";
import { noQuery } from "./queries.js";
import { queryReader } from "./read-query.js";

/** `GET /events/:id/history`: the replays of a parked event, or the replays that led to a counted event. */
export function getHistory(evt: Evt): Endpoint {
  const readQuery = queryReader(noQuery);
  return async (req, { eventsOf, gone, url }) => {
    readQuery(url);
    const events = eventsOf(evt);
    const id = req.id;
    const signal = gone();
    const attempts = await events.history(id, { signal });
    if (attempts.length === 0 && (await events.get(id, { signal })) === null)
      throw new Problem(404, "EVT_NOT_FOUND", "no event has this id");
    const elements = await elementsJson(attempts, ({ replayId: _, ...shown }) => JSON.stringify(shown));
    return { status: 200, body: joined('{"attempts":[', elements, "]}") };
  };
}
